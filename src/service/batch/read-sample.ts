import path from 'node:path';
import { readPicture } from '../../dataset/read-picture';
import { NotRead } from '../../engine/files/regular-file';
import { Failure } from '../../shared/failure';

/**
 * The bytes of a sample's file, in memory of their own.
 *
 * @throws Failure `image-unreadable`, in words that do not depend on where the dataset lies
 */
export async function readSample(file: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await readPicture(file);
  } catch (cause) {
    throw new Failure(
      'image-unreadable',
      `“${path.basename(file)}” could not be read from the disk: ${whyNotRead(cause)}.`,
      'Check that the file is still there and that you may open it.',
      { cause },
    );
  }
}

function whyNotRead(cause: unknown): string {
  if (cause instanceof NotRead) return cause.message;
  const { code = 'unknown error' } = cause as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'there is no such file';
  return code === 'ELOOP' ? 'it is a link that leads to itself' : code;
}
