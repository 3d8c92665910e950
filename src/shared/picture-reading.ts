/** What a file's numbers become before a model sees them, where the file leaves that open. */

/**
 * Part of the key of whatever is kept of pictures: raise it when a picture comes out otherwise than
 * before.
 */
export const readingVersion = 3;

export interface PictureReading {
  /**
   * What becomes of transparency. `drop` (also where it is left out): the colours stored under it
   * are seen, as Pillow's `convert('RGB')` gives them; else they are laid over this colour.
   */
  readonly alpha?: 'drop' | 'white' | 'black' | readonly [red: number, green: number, blue: number];
  /** Which numbers become black and white in pictures of more than 8 bits a channel. */
  readonly window?: PictureWindow;
}

/**
 * Of the numbers as stored: from `low` (black) to `high` (white); between two percentiles of the
 * picture's own; or `width` numbers around `centre`, as DICOM's LINEAR_EXACT function.
 */
export type PictureWindow =
  | { readonly low: number; readonly high: number }
  | { readonly lowPercent: number; readonly highPercent: number }
  | { readonly centre: number; readonly width: number };

/** How the numbers of a picture of more than 8 bits a channel became black to white. */
export interface PictureLevels {
  /** Of the numbers in the file: `16-bit`, `32-bit float` … */
  readonly kind: string;
  /** The smallest and the largest number in the picture. */
  readonly lowest: number;
  readonly highest: number;
  /** The numbers that became black and white. */
  readonly low: number;
  readonly high: number;
  /** What said so; left out: the file, or the custom for its kind of numbers. */
  readonly window?: PictureWindow;
}

/** What is said of reading pictures; undefined where nothing is. */
export function readingOf({ alpha, window }: PictureReading): PictureReading | undefined {
  if (alpha === undefined && window === undefined) return undefined;
  return { ...(alpha !== undefined && { alpha }), ...(window !== undefined && { window }) };
}
