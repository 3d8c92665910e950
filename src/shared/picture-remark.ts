/** What a person should know of how a picture was read: in words for one picture, and for many. */
import * as v from 'valibot';
import type { Data } from './schema';

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

/** A remark about one picture in a whole sentence. */
export const remarkSentenceSchema = v.object({
  sentence: v.string(),
  /** What of `pictures` in the model's manifest has it otherwise. */
  field: v.exactOptional(v.picklist(['alpha', 'window'])),
});

export type RemarkSentence = Data<typeof remarkSentenceSchema>;

export interface PictureRemark extends Pick<RemarkSentence, 'field'> {
  readonly kind: RemarkKind;
  /** About this one picture, to be put behind its name. */
  readonly predicate: string;
}

/** @param name what the person knows the picture by */
export function remarkSentence(name: string, { predicate, field }: PictureRemark): RemarkSentence {
  return { sentence: `“${name}” ${predicate}`, ...(field && { field }) };
}

const manifestAdvice = {
  alpha: '“alpha” in the model’s manifest lays it over a colour.',
  window: '“window” in the model’s manifest says which numbers are black and white.',
};

/** What there is to say of a result, with what the manifest can do about it: for the command line and files. */
export function noticesAndRemarks({
  notices,
  remarks,
}: {
  readonly notices: readonly string[];
  readonly remarks: readonly RemarkSentence[];
}): readonly string[] {
  const advised = remarks.map(({ sentence, field }) =>
    field === undefined ? sentence : `${sentence} ${manifestAdvice[field]}`,
  );
  return [...notices, ...advised];
}

/** The same in a panel, where black and white are chosen below, if at all. */
export function remarkInPanel({ sentence, field }: RemarkSentence): string {
  return field === 'window' ? `${sentence} Choose black and white below.` : sentence;
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
    'only a small part of what was taken for black … white, and may be nearly flat: set “window” in the manifest.',
  ],
  stretched: [
    'holds',
    'hold',
    'numbers of no fixed range, brought to 0 … 255 by what each picture holds: “window” in the manifest fixes the range.',
  ],
  'not-finite': ['holds', 'hold', 'numbers that are not finite, taken as black.'],
};

/** Of a dataset: so many of its pictures, one sentence. */
export function remarkOfMany(kind: RemarkKind, count: number): string {
  const [one, many, rest] = ofMany[kind];
  return `${count} ${count === 1 ? 'picture' : 'pictures'} ${count === 1 ? one : many} ${rest}`;
}
