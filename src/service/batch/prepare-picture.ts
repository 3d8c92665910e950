/** From a file's bytes to the model's input, and its thumbnail to disk. */
import { rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { threadId } from 'node:worker_threads';
import { sealBytes } from '../../engine/cache/sealed-bytes';
import { Failure } from '../../shared/failure';
import { decodeImage } from '../pictures/decode';
import { preprocess } from '../pictures/preprocess';
import { makeFolder } from '../../engine/files/make-folder';
import type { PictureJob, SeenPicture } from './picture-job';
import { jpegOf, seenPicture } from '../pictures/seen-picture';

/**
 * @returns the model's input
 * @throws Failure `image-unreadable`, `image-too-large`, `cache-unwritable`
 */
export async function preparePicture({
  bytes,
  name,
  preprocessing,
  thumbnail,
}: PictureJob): Promise<SeenPicture> {
  const picture = await decodeImage(bytes, name, preprocessing);
  const input = preprocess(picture, preprocessing);
  if (thumbnail !== undefined) {
    const jpeg = await jpegOf(seenPicture(input, preprocessing), thumbnail.side);
    // What follows a JPEG's end is not looked at by those who draw it.
    await write(thumbnail.file, sealBytes(jpeg));
  }
  const { values, shape, window } = input;
  const remarks = picture.remarks.map(({ kind }) => kind);
  return { values: [{ data: values, dims: shape }], window, remarks };
}

async function write(file: string, bytes: Uint8Array): Promise<void> {
  const folder = path.dirname(file);
  // Written beside and renamed: a reader never sees half a picture. What a failing power takes of it is
  // found by the seal; to wait for the disk at each of thousands would take minutes.
  const unfinished = `${file}.${process.pid}-${threadId}.part`;
  try {
    makeFolder(folder);
    await writeFile(unfinished, bytes);
    await rename(unfinished, file);
  } catch (cause) {
    await rm(unfinished, { force: true }).catch(() => undefined);
    throw new Failure(
      'cache-unwritable',
      `The small pictures could not be kept in ${folder}: ${cause instanceof Error ? cause.message : String(cause)}.`,
      'Make room on this disk, for instance by clearing the caches, and try again.',
      { cause },
    );
  }
}
