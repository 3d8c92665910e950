/** A picture small enough to travel inside a text, as a hover shows it. */
import type { Params, Result } from '../../shared/protocol/calls';
import { jpegOf } from './seen-picture';
import { decodeImage } from './decode';

/**
 * @returns the JPEG, with the width and height of the picture itself
 * @throws Failure `image-unreadable`, `image-too-large`
 */
export async function thumbnail({
  bytes,
  name,
  maxSide,
  reading,
}: Params<'thumbnail'>): Promise<Result<'thumbnail'>> {
  const image = await decodeImage(bytes, name, reading);
  return { jpeg: await jpegOf(image, maxSide), width: image.width, height: image.height };
}
