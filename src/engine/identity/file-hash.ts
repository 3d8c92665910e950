/**
 * SHA-256 of files. That of a large file is remembered, in this process and in a cache folder, for as
 * long as its stamp stays the same.
 */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { stampFrom, stampOf } from '../cache/file-stamp';
import { markUsed } from '../cache/mark-used';
import { reportDamage } from '../cache/report-damage';
import { seal, unseal } from '../cache/sealed-json';
import { writeWhole } from '../files/write-whole';
import { largest, openRegular, readRegularText } from '../files/regular-file';
import { unreadable } from '../onnx/read-model';

/** Below the cache folder; a file there is called after its model file. */
const hashFolder = 'checksums';
/** Smaller files are hashed within milliseconds. */
const smallestRemembered = 2 ** 22;
/**
 * Times of files are as coarse as two seconds: one that was changed just before it was hashed may be
 * changed once more without another time.
 */
const settledAfterMs = 3000;
const chunkBytes = 2 ** 20;

interface Remembered {
  readonly file: string;
  readonly stamp: string;
  readonly sha256: string;
}

const inProcess = new Map<string, Remembered>();

/**
 * @param cacheFolder where checksums are remembered; undefined: in this process only
 * @returns in hexadecimal
 * @throws what the file system says; EngineError `model-unreadable` for a file that is being written
 */
export async function sha256Of(file: string, cacheFolder: string | undefined): Promise<string> {
  const place = path.resolve(file);
  const record = cacheFolder === undefined ? undefined : recordOf(place, cacheFolder);
  const stamp = await stampOf(place);
  const isKnown = (known: Remembered | undefined) => known?.file === place && known.stamp === stamp;
  const known = inProcess.get(place);
  if (known && isKnown(known)) return known.sha256;
  const onDisk = record === undefined ? undefined : await readRecord(record);
  if (onDisk && isKnown(onDisk)) {
    inProcess.set(place, onDisk);
    return onDisk.sha256;
  }
  const { bytes, isSettled, ...hashed } = await hash(place);
  inProcess.delete(place);
  if (isSettled) {
    inProcess.set(place, hashed);
    // A cache that cannot be written costs time, and nothing else.
    if (record !== undefined && bytes >= smallestRemembered)
      await writeWhole(record, (handle) => handle.writeFile(seal(hashed))).catch(() => undefined);
  }
  return hashed.sha256;
}

async function hash(
  file: string,
): Promise<Remembered & { readonly bytes: number; readonly isSettled: boolean }> {
  const begin = Date.now();
  const handle = await openRegular(file);
  try {
    const before = await handle.stat({ bigint: true });
    const sum = createHash('sha256');
    const chunk = Buffer.allocUnsafe(chunkBytes);
    let bytes = 0;
    for (;;) {
      const { bytesRead } = await handle.read(chunk, 0, chunkBytes, bytes);
      if (bytesRead === 0) break;
      sum.update(chunk.subarray(0, bytesRead));
      bytes += bytesRead;
    }
    const stamp = stampFrom(before);
    if (stampFrom(await handle.stat({ bigint: true })) !== stamp)
      throw unreadable(path.basename(file), 'it changed while it was being read');
    const changed = Math.max(Number(before.mtimeMs), Number(before.ctimeMs));
    const isSettled = changed < begin - settledAfterMs;
    return { file, stamp, sha256: sum.digest('hex'), bytes, isSettled };
  } finally {
    await handle.close();
  }
}

function recordOf(file: string, cacheFolder: string): string {
  const name = createHash('sha256').update(file).digest('hex').slice(0, 32);
  return path.join(cacheFolder, hashFolder, `${name}.json`);
}

async function readRecord(record: string): Promise<Remembered | undefined> {
  await markUsed(record);
  const text = await readRegularText(record, largest.besideModel).catch(() => undefined);
  if (text === undefined) return undefined;
  const remembered = unseal(text);
  if (remembered === undefined) reportDamage(record, 'it is not as it was written');
  return remembered as Remembered | undefined;
}
