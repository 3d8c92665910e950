/**
 * Prepared models on disk. An entry is three files: the model, its large weights, and a note that says
 * what the two must be. The note comes last, so that what it stands for is there. Weights are named by
 * their checksum too: two processes that prepare one model at once, each in its own way, leave each
 * other's alone.
 */
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { checksumOf, isSame, isWhole, type Checksum } from '../cache/checksum';
import { markUsed } from '../cache/mark-used';
import { reportDamage } from '../cache/report-damage';
import { seal, unseal } from '../cache/sealed-json';
import { writeWhole } from '../files/write-whole';
import { describeFileError, largest, readRegular, readRegularText } from '../files/regular-file';
import { decodeGraph } from './decode-graph';
import type { Precision } from './double-precision';
import { encodeGraph } from './encode-graph';
import type { Graph } from './graph';
import type { ImageSize } from './likely-size';
import { parseModel } from './read-model';
import { checksumOfWeights, storedFolder, withStoredWeights, writeWeights } from './stored-weights';

/** Raised whenever the canonical form changes, so that older cached files are not used. */
const cacheVersion = 9;

export interface PreparedModel {
  readonly graph: Graph;
  readonly bytes: Uint8Array;
  readonly weightsFolder: string | undefined;
}

/** What was written, and is to be sealed. */
export interface WrittenModel extends PreparedModel {
  readonly weights: Checksum;
}

export interface PreparedEntry {
  readonly folder: string;
  /** Of its files, without their endings. */
  readonly name: string;
}

/** What the check of a prepared model found. */
export interface Findings {
  readonly precision: Precision;
  /** What the person is told whenever the model is opened. */
  readonly notices: readonly string[];
}

/** What stands beside a prepared model. */
interface PreparedNote extends Findings {
  readonly onnx: Checksum;
  readonly weights: Checksum;
}

/** @param sha256 of the model that it is made from */
export function preparedEntry(
  folder: string,
  sha256: string,
  inputSize: ImageSize | undefined,
): PreparedEntry {
  const size = inputSize ? `-${inputSize.join('x')}` : '';
  return { folder, name: `${sha256}${size}-v${cacheVersion}` };
}

/** @returns undefined where there is none, or a damaged one, which is said in the log */
export async function readPrepared({
  folder,
  name,
}: PreparedEntry): Promise<(PreparedModel & Findings) | undefined> {
  const stem = path.join(folder, name);
  // The times of the other files stay as they were when they were read last.
  await markUsed(`${stem}.json`);
  const note = await readRegularText(`${stem}.json`, largest.besideModel).catch(() => undefined);
  if (note === undefined) return undefined;
  try {
    const { onnx, weights, precision, notices } = noteFrom(note);
    const bytes = await readRegular(`${stem}.onnx`, largest.onnx);
    if (!isSame(checksumOf(bytes), onnx)) throw new Error('the model is not as it was written');
    if (!(await isWhole(path.join(folder, weightsName(name, weights)), weights)))
      throw new Error('the weights are not as they were written');
    const graph = decodeGraph(parseModel(bytes, name), folder);
    return { graph, bytes, weightsFolder: storedFolder(graph), precision, notices };
  } catch (error) {
    reportDamage(`${stem}.onnx`, describeFileError(error));
    return undefined;
  }
}

/**
 * Writes a model and its weights. Nobody takes them before they are sealed: they may turn out wrong. What
 * another process wrote and sealed meanwhile, to the same bytes, is left as it is: on a disk that machines
 * share, a file that is open on one of them must not be replaced by another.
 * @throws what the file system says
 */
export async function writePrepared(
  { folder, name }: PreparedEntry,
  graph: Graph,
): Promise<WrittenModel> {
  const stem = path.join(folder, name);
  const weights = checksumOfWeights(graph);
  const file = weightsName(name, weights);
  const stored = withStoredWeights(graph, { folder, file });
  const bytes = encodeGraph(stored, 'beside');
  const written = { graph: stored, bytes, weightsFolder: storedFolder(stored), weights };
  if (await isSealed({ folder, name }, written)) return written;
  // Until the new note is there, nobody takes old and new files for one entry.
  await rm(`${stem}.json`, { force: true });
  await writeWhole(path.join(folder, file), (handle) => writeWeights(graph, handle));
  await writeWhole(`${stem}.onnx`, (handle) => handle.writeFile(bytes));
  return written;
}

/** Whether an entry holds these very bytes. */
async function isSealed(
  { folder, name }: PreparedEntry,
  { bytes, weights }: WrittenModel,
): Promise<boolean> {
  const stem = path.join(folder, name);
  try {
    const note = noteFrom(await readRegularText(`${stem}.json`, largest.besideModel));
    return (
      isSame(note.onnx, checksumOf(bytes)) &&
      isSame(note.weights, weights) &&
      (await isWhole(`${stem}.onnx`, note.onnx)) &&
      (await isWhole(path.join(folder, weightsName(name, weights)), weights))
    );
  } catch {
    return false;
  }
}

/**
 * Says that what was written is the model, and that it has been checked.
 * @throws what the file system says
 */
export async function sealPrepared(
  { folder, name }: PreparedEntry,
  { bytes, weights }: WrittenModel,
  { precision, notices }: Findings,
): Promise<void> {
  const stem = path.join(folder, name);
  const note: PreparedNote = { onnx: checksumOf(bytes), weights, precision, notices };
  await writeWhole(`${stem}.json`, (handle) => handle.writeFile(seal(note)));
  await removeOlder(folder, name);
}

/** Takes a model away that turned out wrong. */
export async function removePrepared(
  { folder, name }: PreparedEntry,
  { weights }: WrittenModel,
): Promise<void> {
  for (const file of [`${name}.json`, `${name}.onnx`, weightsName(name, weights)])
    await rm(path.join(folder, file), { force: true });
}

function weightsName(name: string, { crc32 }: Checksum): string {
  return `${name}-${crc32.toString(16).padStart(8, '0')}.weights`;
}

function noteFrom(text: string): PreparedNote {
  const note = unseal(text);
  if (note === undefined) throw new Error('its note is not as it was written');
  return note as PreparedNote;
}

/** Removes what earlier versions of the cache kept of the same model: it is as large as the model. */
async function removeOlder(folder: string, name: string): Promise<void> {
  const stem = name.slice(0, name.lastIndexOf('-v') + 2);
  for (const file of await readdir(folder)) {
    const version = file.startsWith(stem) ? parseInt(file.slice(stem.length), 10) : NaN;
    if (!(version < cacheVersion)) continue;
    try {
      await rm(path.join(folder, file), { force: true });
    } catch {
      // A session may still have it open; it goes another time.
    }
  }
}
