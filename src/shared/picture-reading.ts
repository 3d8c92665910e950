/** What a file's numbers become before a model sees them, where the file leaves that open. */
import * as v from 'valibot';
import type { Data } from './schema';

/**
 * Part of the key of whatever is kept of pictures: raise it when a picture comes out otherwise than
 * before.
 */
export const readingVersion = 3;

const byte = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(255));
const finite = v.pipe(v.number(), v.finite());
const percent = v.pipe(v.number(), v.minValue(0), v.maxValue(100));

/**
 * What becomes of transparency. `drop` (also where it is left out): the colours stored under it
 * are seen, as Pillow's `convert('RGB')` gives them; else they are laid over this colour.
 */
const alphaSchema = v.union(
  [v.picklist(['drop', 'white', 'black']), v.strictTuple([byte, byte, byte])],
  '“drop”, “white”, “black” or three numbers from 0 to 255',
);

/**
 * Of the numbers as stored: from `low` (black) to `high` (white); between two percentiles of the
 * picture's own; or `width` numbers around `centre`, as DICOM's LINEAR_EXACT function.
 */
export const windowSchema = v.union(
  [
    v.pipe(
      v.strictObject({ low: finite, high: finite }),
      v.check(({ low, high }) => low < high, '“low” has to be below “high”'),
    ),
    v.pipe(
      v.strictObject({ lowPercent: percent, highPercent: percent }),
      v.check(
        ({ lowPercent, highPercent }) => lowPercent < highPercent,
        '“lowPercent” has to be below “highPercent”',
      ),
    ),
    v.strictObject({ centre: finite, width: v.pipe(finite, v.gtValue(0)) }),
  ],
  '“low” below “high”, “lowPercent” below “highPercent” (0 … 100), or “centre” and a “width” above 0',
);

export type PictureWindow = Data<typeof windowSchema>;

/** Fields of `preprocessing` too, since they are part of what a model sees. */
export const pictureReadingEntries = {
  alpha: v.exactOptional(alphaSchema),
  /** Which numbers become black and white in pictures of more than 8 bits a channel. */
  window: v.exactOptional(windowSchema),
};

export const pictureReadingSchema = v.strictObject(pictureReadingEntries);

export type PictureReading = Data<typeof pictureReadingSchema>;

/** How the numbers of a picture of more than 8 bits a channel became black to white. */
export const pictureLevelsSchema = v.object({
  /** Of the numbers in the file: `16-bit`, `32-bit float` … */
  kind: v.string(),
  /** The smallest and the largest number in the picture. */
  lowest: v.number(),
  highest: v.number(),
  /** The numbers that became black and white. */
  low: v.number(),
  high: v.number(),
  /** What said so; left out: the file, or the custom for its kind of numbers. */
  window: v.exactOptional(windowSchema),
});

export type PictureLevels = Data<typeof pictureLevelsSchema>;

/** What is said of reading pictures; undefined where nothing is. */
export function readingOf({ alpha, window }: PictureReading): PictureReading | undefined {
  if (alpha === undefined && window === undefined) return undefined;
  return { ...(alpha !== undefined && { alpha }), ...(window !== undefined && { window }) };
}
