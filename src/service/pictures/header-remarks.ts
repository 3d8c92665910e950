/** What a person should know of a picture that its header tells. */
import type { Metadata } from 'sharp';
import type { PictureRemark } from '../../shared/picture-remark';
import type { TiffTags } from './tiff-tags';

/** A PNG says before its pixels that it is animated. */
const pngBegins = 4096;

/** @param colours how many of the bands are its colours */
export function headerRemarks(
  bytes: Uint8Array,
  { format, pages = 1, orientation = 1, space, channels, hasProfile }: Metadata,
  tags: TiffTags | undefined,
  colours: number,
): PictureRemark[] {
  const remarks: PictureRemark[] = [];
  const start = bytes.subarray(0, pngBegins);
  const isAnimatedPng = format === 'png' && Buffer.from(start).includes('acTL');
  if (pages > 1 || isAnimatedPng) {
    const many =
      pages > 1 ? `${pages} ${format === 'tiff' ? 'pages' : 'frames'}` : 'several frames';
    remarks.push({ kind: 'frames', predicate: `has ${many}; the first one is used.` });
  }
  if (orientation > 1) {
    remarks.push({
      kind: 'orientation',
      predicate:
        'is stored turned or mirrored and was put upright, as its EXIF orientation says. Hugging Face’s loaders do so too; those of torchvision and timm give a model the picture as it is stored.',
    });
  }
  if (space === 'cmyk') {
    const profile = hasProfile ? ', its colour profile left aside' : '';
    remarks.push({
      kind: 'cmyk',
      predicate: `is CMYK, converted to RGB as Pillow does${profile}.`,
    });
  }
  const extra = tags && channels - colours - (tags.alpha === undefined ? 0 : 1);
  if (extra !== undefined && extra > 0) {
    const used = colours === 3 ? 'first three, as red, green and blue' : `first ${colours}`;
    remarks.push({
      kind: 'bands',
      predicate: `has ${channels} bands; the ${colours === 1 ? 'first one, as grey' : used}, ${colours === 1 ? 'is' : 'are'} used and the others left out.`,
    });
  }
  return remarks;
}
