/** Reads from flags how pictures are changed before the model sees them. */
import {
  coverFills,
  mostCovers,
  wholeFits,
  withCover,
  withFit,
  type PictureBox,
  type PictureChange,
} from '../shared/picture-change';
import { oneOf } from './arguments';
import { UsageError } from './command';

export const changeHelp = `      --cover BOX[:FILL]   cover this part of each picture first: LEFT,TOP,WIDTH,HEIGHT in its pixels, with
                           mean (its mean colour; default) or blur; may be repeated
      --fit HOW            show the model the picture otherwise than it is prepared: crop (its centre),
                           squash, pad, or a window LEFT,TOP,WIDTH,HEIGHT`;

export const changeOptions = {
  cover: { type: 'string', multiple: true },
  fit: { type: 'string' },
} as const;

/** @throws UsageError */
export function changeAsked({
  cover = [],
  fit,
}: {
  readonly cover?: readonly string[];
  readonly fit?: string;
}): PictureChange | undefined {
  if (cover.length > mostCovers)
    throw new UsageError(`--cover may be given ${mostCovers} times at most.`);
  const covered = cover.reduce<PictureChange | undefined>((change, text) => {
    const [box = '', ...fills] = text.split(':');
    const fill = fills.length === 0 ? 'mean' : fills.join(':');
    return withCover(change, {
      ...boxOf('--cover', box),
      fill: oneOf('--cover', fill, coverFills),
    });
  }, undefined);
  if (fit === undefined) return covered;
  const isBox = fit.includes(',');
  return withFit(covered, isBox ? boxOf('--fit', fit) : oneOf('--fit', fit, wholeFits));
}

function boxOf(flag: string, text: string): PictureBox {
  const [left, top, width, height] = text.split(',').map(Number);
  const isBox = /^\d{1,8}(,\d{1,8}){3}$/.test(text);
  if (!isBox || left === undefined || top === undefined || !width || !height) {
    throw new UsageError(
      `${flag} takes LEFT,TOP,WIDTH,HEIGHT in whole pixels, e.g. 40,20,120,80, not “${text}”.`,
    );
  }
  return { left, top, width, height };
}
