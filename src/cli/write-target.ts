/** Results of the command line on the disk: whole, or not at all. */
import { realpath, stat, writeFile, type FileHandle } from 'node:fs/promises';
import { writeWhole } from '../engine/files/write-whole';

/** Where a folder takes no new file, an old one in it may still be written over. */
const noNewFile: readonly (string | undefined)[] = ['EACCES', 'EPERM', 'EBUSY'];

/** @throws what the file system says */
export async function writeTarget(
  file: string,
  content: string | Uint8Array | AsyncIterable<string>,
): Promise<void> {
  const known = await stat(file).catch(() => undefined);
  // Into a pipe or a device that a shell gave.
  if (known?.isFile() === false) return writeFile(file, content);
  try {
    // A link stays one.
    const place = known === undefined ? file : await realpath(file);
    await writeWhole(place, (handle) => writeTo(handle, content));
  } catch (error) {
    if (known === undefined || !noNewFile.includes((error as NodeJS.ErrnoException).code))
      throw error;
    await writeFile(file, content);
  }
}

/** The types of Node.js 20 do not know that a handle takes what a path takes. */
async function writeTo(
  handle: FileHandle,
  content: string | Uint8Array | AsyncIterable<string>,
): Promise<void> {
  if (typeof content === 'string' || content instanceof Uint8Array)
    return handle.writeFile(content);
  for await (const part of content) await handle.writeFile(part);
}
