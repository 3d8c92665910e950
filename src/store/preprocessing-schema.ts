/** The shape of a `Preprocessing` in files: manifests and the catalog. */
import * as v from 'valibot';
import type { Preprocessing } from '../shared/model';
import { pictureReadingEntries } from './picture-reading-schema';

const side = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(16_384));
const sides = v.strictTuple([side, side]);
const perChannel = v.strictTuple([v.number(), v.number(), v.number()]);
const positive = v.pipe(v.number(), v.gtValue(0));

export const preprocessingSchema = v.strictObject({
  ...pictureReadingEntries,
  resize: v.variant('rule', [
    v.strictObject({ rule: v.literal('shortest-edge'), size: side }),
    v.strictObject({ rule: v.literal('squash'), size: v.exactOptional(sides) }),
  ]),
  interpolation: v.picklist(['bicubic', 'bilinear', 'lanczos', 'nearest']),
  crop: sides,
  rescale: positive,
  mean: perChannel,
  std: v.strictTuple([positive, positive, positive]),
}) satisfies v.GenericSchema<Preprocessing>;
