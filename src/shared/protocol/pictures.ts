/** Pictures to look at. */
import * as v from 'valibot';
import { methodInfoSchema } from '../explanation';
import { lookSchema } from '../look';
import { pictureChangeSchema } from '../picture-change';
import { pictureReadingSchema } from '../picture-reading';
import { preprocessingSchema } from '../preprocessing';
import type { Data } from '../schema';
import { explainResultSchema, imageSourceSchema } from './explain';

/** A picture that is to be decoded for looking at. */
export const pictureParamsSchema = v.object({
  bytes: v.instance(Uint8Array),
  name: v.string(),
  /** Most pixels of the long side. */
  maxSide: v.number(),
  /** As the model that sees it is to read it. */
  reading: v.exactOptional(pictureReadingSchema),
  /** Also what is covered of it; the whole picture all the same. */
  change: v.exactOptional(pictureChangeSchema),
});

export type PictureParams = Data<typeof pictureParamsSchema>;

/** A picture as a model sees it, small. */
export const seenPictureParamsSchema = v.object({
  bytes: v.instance(Uint8Array),
  name: v.string(),
  preprocessing: preprocessingSchema,
  maxSide: v.number(),
});

export const contactSheetParamsSchema = v.object({
  image: imageSourceSchema,
  result: explainResultSchema,
  method: v.pick(methodInfoSchema, ['signed', 'pixels']),
  look: lookSchema,
});

export type ContactSheetParams = Data<typeof contactSheetParamsSchema>;
