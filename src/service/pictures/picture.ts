/** A picture as PNG, as a model sees it. */
import type { Params, Result } from '../../shared/protocol/calls';
import { decodeImage } from './decode';
import { encodePng } from './encode';

/**
 * @returns the PNG with its own width and height
 * @throws Failure `image-unreadable`, `image-too-large`
 */
export async function picture({
  bytes,
  name,
  maxSide,
  reading,
}: Params<'picture'>): Promise<Result<'picture'>> {
  return encodePng(await decodeImage(bytes, name, reading), maxSide);
}
