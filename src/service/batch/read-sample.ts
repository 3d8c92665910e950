import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../../shared/failure';

/**
 * The bytes of a sample's file, in memory of their own.
 *
 * @throws Failure `image-unreadable`, in words that do not depend on where the dataset lies
 */
export async function readSample(file: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await readFile(file));
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new Failure(
      'image-unreadable',
      `“${path.basename(file)}” could not be read from the disk (${code}).`,
      'Check that the file is still there and that you may open it.',
      { cause },
    );
  }
}
