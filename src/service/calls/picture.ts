/** A picture as PNG, as a model sees it. */
import type { WorkerCalls } from '../../shared/worker-protocol';
import { decodeImage } from '../pictures/decode';
import { encodePng } from '../pictures/encode';

/**
 * @returns the PNG with its own width and height
 * @throws Failure `image-unreadable`, `image-too-large`
 */
export async function picture({
  bytes,
  name,
  maxSide,
  reading,
}: WorkerCalls['picture']['params']): Promise<WorkerCalls['picture']['result']> {
  return encodePng(await decodeImage(bytes, name, reading), maxSide);
}
