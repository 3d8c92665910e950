import type { FileHandle } from 'node:fs/promises';

/** Writes all of the bytes at a place in a file: a single call may write some of them only. @throws what the file system says */
export async function writeAt(
  handle: FileHandle,
  bytes: Uint8Array,
  position: number,
): Promise<void> {
  let written = 0;
  while (written < bytes.byteLength) {
    // Systems write less than 2 GiB at once.
    const step = Math.min(bytes.byteLength - written, 2 ** 30);
    written += (await handle.write(bytes, written, step, position + written)).bytesWritten;
  }
}
