/** The shape of a `Preprocessing` in files: manifests and the catalog. */
import * as v from 'valibot';
import type { Preprocessing } from '../shared/model';
import { pictureReadingEntries } from './picture-reading-schema';

const side = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(16_384));
const sides = v.strictTuple([side, side]);
const perChannel = v.strictTuple([v.number(), v.number(), v.number()]);
const positive = v.pipe(v.number(), v.gtValue(0));

const level = v.pipe(v.number(), v.minValue(0), v.maxValue(255));

export const preprocessingSchema = v.strictObject({
  ...pictureReadingEntries,
  resize: v.variant('rule', [
    v.strictObject({
      rule: v.literal('shortest-edge'),
      size: side,
      longest: v.exactOptional(side),
    }),
    v.strictObject({ rule: v.literal('cover'), size: sides }),
    v.strictObject({
      rule: v.literal('contain'),
      size: sides,
      rounding: v.exactOptional(v.picklist(['nearest', 'down'])),
    }),
    v.strictObject({ rule: v.literal('squash'), size: v.exactOptional(sides) }),
    v.strictObject({ rule: v.literal('none') }),
  ]),
  interpolation: v.picklist(['bicubic', 'bilinear', 'lanczos', 'nearest', 'box', 'hamming']),
  crop: sides,
  cropRounding: v.exactOptional(v.picklist(['half-even', 'down', 'towards-zero'])),
  fill: v.exactOptional(v.strictTuple([level, level, level])),
  place: v.exactOptional(v.picklist(['centre', 'top-left'])),
  channels: v.exactOptional(v.picklist(['rgb', 'bgr'])),
  rescale: positive,
  mean: perChannel,
  std: v.strictTuple([positive, positive, positive]),
}) satisfies v.GenericSchema<Preprocessing>;
