/** How faithful the maps of several methods are on the pictures of a dataset: what is asked and told. */
import * as v from 'valibot';
import { evaluatedClasses, pictureRecordSchema } from '../evaluation';
import { methodOptionsSchema } from '../explanation';
import { measuringSchema } from '../faithfulness';
import { modelDescriptionSchema } from '../model';
import type { Data } from '../schema';

const evaluatedSampleSchema = v.object({
  path: v.string(),
  name: v.string(),
  label: v.exactOptional(v.string()),
  /** The class that the label means. */
  truth: v.exactOptional(v.number()),
  /** What is to be measured of it; a picture may have some of the figures already. */
  methods: v.array(v.string()),
});

/** A picture and the methods to measure on it. */
export type EvaluatedSample = Data<typeof evaluatedSampleSchema>;

/** What all pictures of an evaluation have in common. */
const measuredModelSchema = v.object({
  model: modelDescriptionSchema,
  options: methodOptionsSchema,
  evaluated: v.picklist(evaluatedClasses),
  measuring: measuringSchema,
  /** Of the model that was opened for this run: it must be the same. */
  modelSha256: v.string(),
});

export type MeasuredModel = Data<typeof measuredModelSchema>;

export const evaluateParamsSchema = v.object({
  ...measuredModelSchema.entries,
  samples: v.pipe(v.array(evaluatedSampleSchema), v.minLength(1)),
});

/** A picture is measured, or cannot be. */
export const pictureMeasuredSchema = v.object({
  kind: v.literal('picture'),
  record: pictureRecordSchema,
});

export const costsParamsSchema = v.object({
  model: modelDescriptionSchema,
  options: methodOptionsSchema,
  methods: v.array(v.string()),
  /** The picture that the methods are timed on. */
  path: v.string(),
});

/** Cost of one map in plain forward runs, by method. */
export const costsSchema = v.object({ costs: v.record(v.string(), v.number()) });
