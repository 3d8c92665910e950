/** Files that are there complete or not at all, also when the process is killed or the power fails. */
import { randomUUID } from 'node:crypto';
// eslint-disable-next-line @typescript-eslint/no-restricted-imports -- to write
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { makeFolder } from './make-folder';

/**
 * Makes the folder if need be. The bytes are on the disk before the file has its name.
 * @throws what the file system says, and whatever `write` throws
 */
export async function writeWhole(
  file: string,
  write: (handle: FileHandle) => Promise<void>,
): Promise<void> {
  const folder = path.dirname(file);
  const temporary = path.join(folder, unfinishedName(path.basename(file)));
  try {
    makeFolder(folder);
    const handle = await open(temporary, 'wx');
    try {
      await write(handle);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (cause) {
    // Whatever hinders this too (a folder that is none) was the cause itself.
    await rm(temporary, { force: true }).catch(() => undefined);
    throw cause;
  }
  await syncFolder(folder);
}

/** File systems take names of 255 bytes. */
function unfinishedName(name: string): string {
  const end = `${randomUUID()}.tmp`;
  const long = `${name}.${end}`;
  return Buffer.byteLength(long) <= 255 ? long : end;
}

/** So that the name is on the disk too; not every system lets a folder be opened. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}
