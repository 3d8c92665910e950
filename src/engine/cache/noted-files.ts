/** Files of the cache that are of use together, and beside them a note (`.json`) that says what each must be. */
import { rm, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { largest, readRegularText } from '../files/regular-file';
import { checksumOfFile, isWhole, type Checksum } from './checksum';
import { markUsed } from './mark-used';
import { reportDamage } from './report-damage';
import { seal, unseal } from './sealed-json';
import { writeWhole } from '../files/write-whole';

export interface UnwrittenFile {
  readonly path: string;
  readonly write: (handle: FileHandle) => Promise<void>;
}

/**
 * @param files as they were written, in their order
 * @returns false where one is not there, or damaged, which is said in the log
 */
export async function areThereWhole(files: readonly string[]): Promise<boolean> {
  const note = noteOf(files);
  await markUsed(note);
  const text = await readRegularText(note, largest.besideModel).catch(() => undefined);
  if (text === undefined) return false;
  const written = unseal(text) as { readonly files: readonly Checksum[] } | undefined;
  const damaged = written ? await firstDamaged(files, written.files) : note;
  if (damaged !== undefined) reportDamage(damaged, 'it is not as it was written');
  return damaged === undefined;
}

/**
 * The note comes last, so that what it stands for is there.
 * @throws as `writeWhole`
 */
export async function writeWithNote(files: readonly UnwrittenFile[]): Promise<void> {
  const note = noteOf(files.map((file) => file.path));
  await rm(note, { force: true });
  const written: Checksum[] = [];
  for (const file of files) {
    await writeWhole(file.path, file.write);
    written.push(await checksumOfFile(file.path));
  }
  await writeWhole(note, (handle) => handle.writeFile(seal({ files: written })));
}

async function firstDamaged(
  files: readonly string[],
  written: readonly Checksum[],
): Promise<string | undefined> {
  for (const [i, file] of files.entries()) {
    const one = written[i];
    if (one === undefined || !(await isWhole(file, one).catch(() => false))) return file;
  }
  return undefined;
}

/** Called after the first. */
function noteOf([first = '']: readonly string[]): string {
  const { dir, name } = path.parse(first);
  return path.join(dir, `${name}.json`);
}
