/** What a person states of a checkpoint where its weights do not tell; `architecture` in a manifest. */
import * as v from 'valibot';
import type { Data } from './schema';

const count = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(4096));

/** Of the MLPs; `gelu` is the exact one. */
const activationSchema = v.picklist(['gelu', 'gelu-tanh', 'quick-gelu', 'relu']);

export type Activation = Data<typeof activationSchema>;

const readoutSchema = v.picklist(['class-token', 'patch-mean']);

export const architectureSchema = v.strictObject({
  /** Which of several sets of weights in the file, by its path: `state_dict_ema`, `teacher.backbone`. */
  weights: v.exactOptional(v.pipe(v.string(), v.nonEmpty())),
  /** Attention heads of every block. */
  heads: v.exactOptional(count),
  /** Rows and columns of patches that the position embedding was trained for. */
  grid: v.exactOptional(v.strictTuple([count, count])),
  activation: v.exactOptional(activationSchema),
  /** What of the last block's tokens the head reads. */
  readout: v.exactOptional(readoutSchema),
  /** Added to the variance in every LayerNorm. */
  normEpsilon: v.exactOptional(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
});

export type StatedArchitecture = Data<typeof architectureSchema>;
