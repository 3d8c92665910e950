/** A picture small enough to travel inside a text, as a hover shows it. */
import type { Params, Result } from '../../shared/protocol/calls';
import { jpegOf } from './seen-picture';
import { changedPicture } from './changed-picture';

/**
 * @returns the JPEG, with the width and height of the picture itself
 * @throws Failure `image-unreadable`, `image-too-large`, `change-not-applicable`
 */
export async function thumbnail(params: Params<'thumbnail'>): Promise<Result<'thumbnail'>> {
  const { maxSide, reading } = params;
  const image = await changedPicture(params, reading);
  return { jpeg: await jpegOf(image, maxSide), width: image.width, height: image.height };
}
