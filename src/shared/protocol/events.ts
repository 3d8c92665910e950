/** What a running call tells on the way. */
import * as v from 'valibot';
import { amongClassesSchema } from '../among';
import { classScoreSchema, inputWindowSchema } from '../explanation';
import { sampleResultSchema } from '../sample-result';

/** A step of the work began: a short phrase for the progress line. */
export const stageSchema = v.object({ kind: v.literal('stage'), phrase: v.string() });

/** The logits are there: the panel can list classes before any heatmap exists. */
export const classifiedSchema = v.object({
  kind: v.literal('classified'),
  topK: v.array(classScoreSchema),
  /** The classes that `topK` is taken among; left out: all. */
  among: v.exactOptional(amongClassesSchema),
  window: inputWindowSchema,
});

/** A sample of a dataset is done. */
export const sampleSchema = v.object({ kind: v.literal('sample'), result: sampleResultSchema });

/** So many of the pictures, or of the forward runs of one, are done. */
export const progressSchema = v.object({
  kind: v.literal('progress'),
  done: v.number(),
  total: v.number(),
});
