/** A picture as PNG, as a model sees it. */
import type { Params, Result } from '../../shared/protocol/calls';
import { changedPicture } from './changed-picture';
import { encodePng } from './encode';

/**
 * @returns the PNG with its own width and height
 * @throws Failure `image-unreadable`, `image-too-large`, `change-not-applicable`
 */
export async function picture(params: Params<'picture'>): Promise<Result<'picture'>> {
  const { maxSide, reading } = params;
  return encodePng(await changedPicture(params, reading), maxSide);
}
