/** A picture as it is explained: decoded, and covered where that is asked for. */
import { coversOf, type PictureChange } from '../../shared/picture-change';
import type { PictureReading } from '../../shared/picture-reading';
import { cover } from './cover';
import { decodeImage, type DecodedPicture } from './decode';

export interface EncodedPicture {
  readonly bytes: Uint8Array;
  /** What the person knows it by. */
  readonly name: string;
  readonly change?: PictureChange;
}

/** @throws Failure `image-too-large`, `image-unreadable`, `change-not-applicable` */
export async function changedPicture(
  { bytes, name, change }: EncodedPicture,
  reading?: PictureReading,
): Promise<DecodedPicture> {
  const picture = await decodeImage(bytes, name, reading);
  const covers = coversOf(change);
  return covers.length === 0 ? picture : { ...picture, ...(await cover(picture, covers, name)) };
}
