/** How the faithfulness of a map is asked for. */
import * as v from 'valibot';
import { methodOptionsSchema, targetsSchema } from '../explanation';
import { measuringSchema } from '../faithfulness';
import { modelDescriptionSchema } from '../model';
import type { Data } from '../schema';
import { imageSourceSchema } from './explain';

export const faithfulnessParamsSchema = v.object({
  image: imageSourceSchema,
  model: modelDescriptionSchema,
  method: v.string(),
  options: methodOptionsSchema,
  /** The first of them is measured. */
  targets: targetsSchema,
  measuring: measuringSchema,
});

export type FaithfulnessParams = Data<typeof faithfulnessParamsSchema>;
