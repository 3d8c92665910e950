/** A file of the cache, and beside it a note (`.json`) that says what the file must be. */
import { rm, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { largest, readRegularText } from '../files/regular-file';
import { checksumOfFile, isWhole, type Checksum } from './checksum';
import { markUsed } from './mark-used';
import { reportDamage } from './report-damage';
import { seal, unseal } from './sealed-json';
import { writeWhole } from '../files/write-whole';

/** @returns false where it is not there, or damaged, which is said in the log */
export async function isThereWhole(file: string): Promise<boolean> {
  const note = noteOf(file);
  await markUsed(note);
  const text = await readRegularText(note, largest.besideModel).catch(() => undefined);
  if (text === undefined) return false;
  const written = unseal(text) as Checksum | undefined;
  if (written !== undefined && (await isWhole(file, written).catch(() => false))) return true;
  reportDamage(file, 'it is not as it was written');
  return false;
}

/**
 * The note comes last, so that what it stands for is there.
 * @throws as `writeWhole`
 */
export async function writeWithNote(
  file: string,
  write: (handle: FileHandle) => Promise<void>,
): Promise<void> {
  const note = noteOf(file);
  await rm(note, { force: true });
  await writeWhole(file, write);
  const written = await checksumOfFile(file);
  await writeWhole(note, (handle) => handle.writeFile(seal(written)));
}

function noteOf(file: string): string {
  const { dir, name } = path.parse(file);
  return path.join(dir, `${name}.json`);
}
