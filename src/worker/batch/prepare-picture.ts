/** From a file's bytes to the model's input, and its thumbnail to disk. */
import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { threadId } from 'node:worker_threads';
import { decodeImage } from '../image/decode';
import { preprocess } from '../image/preprocess';
import type { PictureJob, SeenPicture } from './picture-job';
import { jpegOf, seenPicture } from './thumbnail';

/**
 * @returns the model's input
 * @throws Failure `image-unreadable`, `image-too-large`
 */
export async function preparePicture({
  bytes,
  name,
  preprocessing,
  thumbnail,
}: PictureJob): Promise<SeenPicture> {
  const input = preprocess(await decodeImage(bytes, name), preprocessing);
  if (thumbnail !== undefined) {
    await write(thumbnail.file, await jpegOf(seenPicture(input, preprocessing), thumbnail.side));
  }
  const { values, shape, window } = input;
  return { values: [{ data: values, dims: shape }], window };
}

async function write(file: string, bytes: Uint8Array): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  // Written beside and renamed: a reader never sees half a picture.
  const unfinished = `${file}.${process.pid}-${threadId}.part`;
  await writeFile(unfinished, bytes);
  await rename(unfinished, file);
}
