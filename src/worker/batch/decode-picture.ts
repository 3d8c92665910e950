/** From a file's bytes to the model's input, away from the thread that runs the model. */
import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { threadId } from 'node:worker_threads';
import { decodeImage } from '../image/decode';
import { preprocess } from '../image/preprocess';
import type { DecodedInput, DecodeJob } from './decode-job';
import { jpegOf, seenPicture } from './thumbnail';

/** @throws Failure `image-unreadable`, `image-too-large` */
export async function decodePicture({
  bytes,
  name,
  preprocessing,
  thumbnail,
}: DecodeJob): Promise<DecodedInput> {
  const input = preprocess(await decodeImage(bytes, name), preprocessing);
  if (thumbnail !== undefined) {
    await write(thumbnail.file, await jpegOf(seenPicture(input, preprocessing), thumbnail.side));
  }
  return { values: new Float32Array(input.values), window: input.window };
}

async function write(file: string, bytes: Uint8Array): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  // Written beside and renamed: a reader never sees half a picture.
  const unfinished = `${file}.${process.pid}-${threadId}.part`;
  await writeFile(unfinished, bytes);
  await rename(unfinished, file);
}
