/** Bytes of weights that stay in a file. */
import { closeSync, readSync } from 'node:fs';
import { EngineError } from '../engine-error';
import { openRegularSync } from '../files/regular-file';
import type { StoredBytes } from './constant';

/** @throws EngineError `model-unreadable` for a file that is gone or cut off */
export function readStored({ folder, file, offset, length }: StoredBytes): Uint8Array {
  const bytes = new Uint8Array(length);
  try {
    const { descriptor } = openRegularSync(`${folder}/${file}`);
    try {
      let filled = 0;
      while (filled < length) {
        // Node reads at most 2 GiB at once.
        const step = Math.min(length - filled, 2 ** 30);
        const read = readSync(descriptor, bytes, filled, step, offset + filled);
        if (read === 0) throw new Error('it is cut off');
        filled += read;
      }
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new EngineError(
      'model-unreadable',
      `The weights in “${folder}/${file}” can no longer be read: ${reason}.`,
      'Open the model again; where they were prepared, they will be so anew.',
      { cause: error },
    );
  }
  return bytes;
}
