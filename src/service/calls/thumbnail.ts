/** A picture small enough to travel inside a text, as a hover shows it. */
import type { WorkerCalls } from '../../shared/worker-protocol';
import { jpegOf } from '../batch/thumbnail';
import { decodeImage } from '../pictures/decode';

/**
 * @returns the JPEG, with the width and height of the picture itself
 * @throws Failure `image-unreadable`, `image-too-large`
 */
export async function thumbnail({
  bytes,
  name,
  maxSide,
  reading,
}: WorkerCalls['thumbnail']['params']): Promise<WorkerCalls['thumbnail']['result']> {
  const image = await decodeImage(bytes, name, reading);
  return { jpeg: await jpegOf(image, maxSide), width: image.width, height: image.height };
}
