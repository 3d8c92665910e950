/**
 * How one picture is changed before a model sees it: rectangles of it are covered, and it is brought
 * into the model's shape otherwise than the model's own preparation does.
 */
import * as v from 'valibot';
import type { Data } from './schema';

/** No picture that is read has a longer side. */
const longestSide = 120_000_000;
/** Rectangles of one picture. */
export const mostCovers = 100;

const place = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(longestSide));
const length = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(longestSide));
const boxEntries = { left: place, top: place, width: length, height: length };

/** In pixels of the picture as it stands upright. */
const pictureBoxSchema = v.strictObject(boxEntries);

export type PictureBox = Data<typeof pictureBoxSchema>;

/** The mean colour of the whole picture, or the picture itself, blurred. */
export const coverFills = ['mean', 'blur'] as const;

export type CoverFill = (typeof coverFills)[number];

const coverSchema = v.strictObject({ ...boxEntries, fill: v.picklist(coverFills) });

export type Cover = Data<typeof coverSchema>;

/**
 * `crop`: as much of the centre as has the model's shape; `squash`: all of it, distorted; `pad`: all
 * of it, in proportion, with the model's own padding beside it.
 */
export const wholeFits = ['crop', 'squash', 'pad'] as const;

/** One of these, or a window in the picture, which is all that the model sees. */
const fitSchema = v.union([v.picklist(wholeFits), pictureBoxSchema]);

export type PictureFit = Data<typeof fitSchema>;

export const pictureChangeSchema = v.strictObject({
  /** One over the other, the last one uppermost. */
  covered: v.pipe(v.array(coverSchema), v.maxLength(mostCovers)),
  /** Left out: the model's own preparation. */
  fit: v.exactOptional(fitSchema),
});

export type PictureChange = Data<typeof pictureChangeSchema>;

type Maybe = PictureChange | undefined;

/** Whether there may be no more rectangles. */
export function isFull(change: Maybe): boolean {
  return coversOf(change).length >= mostCovers;
}

export function withCover(change: Maybe, cover: Cover): PictureChange {
  return { ...change, covered: [...coversOf(change), cover] };
}

/** @param count how many of the covers are left, the first ones */
export function withCovers(change: Maybe, count: number): Maybe {
  return orNothing({ ...change, covered: coversOf(change).slice(0, count) });
}

/** @param fit undefined: the model's own preparation */
export function withFit(change: Maybe, fit: PictureFit | undefined): Maybe {
  return orNothing({ covered: coversOf(change), ...(fit !== undefined && { fit }) });
}

export function coversOf(change: Maybe): readonly Cover[] {
  return change?.covered ?? [];
}

function orNothing(change: PictureChange): Maybe {
  return change.covered.length === 0 && change.fit === undefined ? undefined : change;
}
