/** What a person should know of how a picture was read: in words for one picture, and for many. */

export const remarkKinds = [
  'transparency',
  'bands',
  'cmyk',
  'frames',
  'orientation',
  'small-range',
  'stretched',
  'not-finite',
] as const;

export type RemarkKind = (typeof remarkKinds)[number];

export interface PictureRemark {
  readonly kind: RemarkKind;
  /** About this one picture, to be put behind its name. */
  readonly predicate: string;
}

const ofMany: Readonly<Record<RemarkKind, readonly [one: string, many: string, rest: string]>> = {
  transparency: [
    'has transparency, which is',
    'have transparency, which is',
    'left out: the model sees the colours stored under it, as Python’s loaders do.',
  ],
  bands: ['has', 'have', 'more than three bands: the first ones are used.'],
  cmyk: ['is', 'are', 'CMYK, converted as Pillow converts it.'],
  frames: ['has', 'have', 'several frames or pages: the first is used.'],
  orientation: [
    'is',
    'are',
    'turned upright as the EXIF orientation says, which torchvision’s and timm’s own loaders do not do.',
  ],
  'small-range': [
    'uses',
    'use',
    'only a small part of what was taken for black … white, and may be nearly flat: set `window` in the manifest.',
  ],
  stretched: [
    'holds',
    'hold',
    'numbers of no fixed range, brought to 0 … 255 by what each picture holds: `window` in the manifest fixes the range.',
  ],
  'not-finite': ['holds', 'hold', 'numbers that are not finite, taken as black.'],
};

/** Of a dataset: so many of its pictures, one sentence. */
export function remarkOfMany(kind: RemarkKind, count: number): string {
  const [one, many, rest] = ofMany[kind];
  return `${count} ${count === 1 ? 'picture' : 'pictures'} ${count === 1 ? one : many} ${rest}`;
}
