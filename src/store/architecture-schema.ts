/** The shape of a `StatedArchitecture` in a manifest. */
import * as v from 'valibot';
import type { StatedArchitecture } from '../shared/architecture';

const count = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(4096));

export const architectureSchema = v.strictObject({
  weights: v.exactOptional(v.pipe(v.string(), v.nonEmpty())),
  heads: v.exactOptional(count),
  grid: v.exactOptional(v.strictTuple([count, count])),
  activation: v.exactOptional(v.picklist(['gelu', 'gelu-tanh', 'quick-gelu', 'relu'])),
  readout: v.exactOptional(v.picklist(['class-token', 'patch-mean'])),
  normEpsilon: v.exactOptional(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
}) satisfies v.GenericSchema<StatedArchitecture>;
