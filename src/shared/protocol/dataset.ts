/** The pictures of a dataset, in one portion or in several, behind a model that is opened first. */
import * as v from 'valibot';
import { amongClassesSchema } from '../among';
import { annotationSchema } from '../annotation';
import { assumptionSchema } from '../assumption';
import { gridSchema, methodOptionsSchema } from '../explanation';
import { modelDescriptionSchema } from '../model';
import { outputKindSchema } from '../output-kind';
import type { Data } from '../schema';

/** A sample of a dataset, its label already matched to a class. */
const batchSampleSchema = v.object({
  path: v.string(),
  name: v.string(),
  label: v.optional(v.string()),
  truth: v.optional(v.number()),
  annotation: v.optional(annotationSchema),
});

export type BatchSample = Data<typeof batchSampleSchema>;

export const openParamsSchema = v.object({
  model: modelDescriptionSchema,
  method: v.string(),
  options: methodOptionsSchema,
});

/** What a run over a dataset needs to know of its model. */
export const openedModelSchema = v.object({
  modelSha256: v.string(),
  classes: v.number(),
  /** Class names by index; empty when the model has none that fit. */
  labels: v.array(v.string()),
  /** Whether the model gives the probability of one class alone: the first name is made from the second. */
  oneSideNamed: v.boolean(),
  /** What the model's numbers mean. */
  output: outputKindSchema,
  grid: gridSchema,
  assumed: v.array(assumptionSchema),
  notices: v.array(v.string()),
});

export type OpenedModel = Data<typeof openedModelSchema>;

export const batchParamsSchema = v.object({
  ...openParamsSchema.entries,
  samples: v.pipe(v.array(batchSampleSchema), v.minLength(1)),
  /** Also say what the answers are among these classes. */
  among: v.exactOptional(amongClassesSchema),
  /** Of the model that was opened for this run: it must be the same. */
  modelSha256: v.string(),
  /** Where to keep small JPEGs of what the model sees, by SHA-256 of the file, and their longest side. */
  thumbnails: v.optional(v.object({ folder: v.string(), side: v.number() })),
});

export type BatchParams = Data<typeof batchParamsSchema>;

export const batchResultSchema = v.object({
  /** Sentences for the person about this portion; those about the model came when it was opened. */
  notices: v.array(v.string()),
});
