import path from 'node:path';
import { largest, NotRead, readRegular } from '../../engine/files/regular-file';
import { Failure } from '../../shared/failure';

/**
 * The bytes of a sample's file, in memory of their own.
 *
 * @throws Failure `image-unreadable`, in words that do not depend on where the dataset lies
 */
export async function readSample(file: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await readRegular(file, largest.picture);
  } catch (cause) {
    const why =
      cause instanceof NotRead
        ? cause.message
        : ((cause as NodeJS.ErrnoException).code ?? 'unknown error');
    throw new Failure(
      'image-unreadable',
      `“${path.basename(file)}” could not be read from the disk (${why}).`,
      'Check that the file is still there and that you may open it.',
      { cause },
    );
  }
}
