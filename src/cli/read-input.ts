/** Reads what the person named as INPUT. */
import path from 'node:path';
import { isFile } from '../dataset/place-of';
import { readPicture } from '../dataset/read-picture';
import { NotRead } from '../engine/files/regular-file';
import { Failure } from '../shared/failure';
import type { PictureChange } from '../shared/picture-change';
import { readNpy } from '../shared/npy';
import { isTar } from '../shared/tar-path';
import type { ImageSource } from '../shared/protocol/explain';

/**
 * @param tensor whether it is a preprocessed `.npy`
 * @param change what becomes of a picture before the model sees it
 * @throws Failure `image-unreadable`
 */
export async function readInput(
  file: string,
  tensor: boolean,
  change?: PictureChange,
): Promise<ImageSource> {
  const name = path.basename(file);
  const bytes = await readBytes(file);
  return tensor
    ? tensorOf(bytes, name)
    : { kind: 'encoded', bytes, name, ...(change && { change }) };
}

async function readBytes(file: string): Promise<Uint8Array> {
  if (isTar(file) && (await isFile(file))) throw isDataset(file);
  try {
    return await readPicture(file);
  } catch (cause) {
    throw new Failure('image-unreadable', `“${file}” ${reason(cause)}.`, 'Check the path.', {
      cause,
    });
  }
}

function isDataset(file: string): Failure {
  return new Failure(
    'image-unreadable',
    `“${file}” is an archive of pictures and not a picture.`,
    `Explain all of them by vit-explain batch ${file}, or one of them by its place in the archive: ${file}/NAME.jpg.`,
  );
}

function reason(cause: unknown): string {
  const { code } = cause as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'does not exist';
    case 'EISDIR':
      return 'is a folder, not a picture';
    case 'EACCES':
    case 'EPERM':
      return 'may not be read by you';
    default:
      if (cause instanceof NotRead) return `is not read, for ${cause.message}`;
      return `could not be read (${code ?? 'unknown error'})`;
  }
}

function tensorOf(bytes: Uint8Array, name: string): ImageSource {
  const { shape, values } = npyOf(bytes, name);
  const [batch, channels, height, width] = shape;
  if (
    shape.length !== 4 ||
    batch !== 1 ||
    channels !== 3 ||
    height === undefined ||
    width === undefined
  ) {
    throw new Failure(
      'image-unreadable',
      `“${name}” has shape [${shape.join(', ')}], not [1, 3, height, width].`,
      'Save one picture, channels first, with a leading axis of 1.',
    );
  }
  return { kind: 'tensor', values, shape: [1, 3, height, width], name };
}

function npyOf(bytes: Uint8Array, name: string): ReturnType<typeof readNpy> {
  try {
    return readNpy(bytes);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Failure(
      'image-unreadable',
      `“${name}” could not be read as a tensor: ${why}.`,
      'Save it with numpy.save(file, array.astype("float32")).',
      { cause },
    );
  }
}
