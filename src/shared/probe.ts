/** Linear probes as plain data: what one is trained from, what it became, how good it is. */
import * as v from 'valibot';
import { inputWindowSchema } from './explanation';
import { preprocessingSchema } from './preprocessing';
import { patchMapSchema } from './sample-result';
import type { Data } from './schema';

const text = v.pipe(v.string(), v.nonEmpty());
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
/** In hexadecimal. */
const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));

/** One labelled picture. */
export const probeSampleSchema = v.object({
  /** Absolute path. */
  path: v.string(),
  /** Path from the dataset's root with forward slashes. */
  name: v.string(),
  label: v.string(),
  /** The part that the dataset itself puts it in. */
  split: v.undefinedable(v.picklist(['train', 'val'])),
});

export type ProbeSample = Data<typeof probeSampleSchema>;

/** A picture that was left out, and why, in a sentence. */
export const skippedSampleSchema = v.object({ name: v.string(), reason: v.string() });

export type SkippedSample = Data<typeof skippedSampleSchema>;

/** The model whose readout a probe reads. */
export const probeBackboneSchema = v.strictObject({
  /** As a `ModelDescription` has it. */
  id: text,
  name: text,
  /** Absolute path of the weights at the time of training. */
  path: text,
  /** Of the weights: features of any other file do not fit the head. */
  sha256,
});

export type ProbeBackbone = Data<typeof probeBackboneSchema>;

/** Validation accuracy with fewer training pictures. */
const curvePointSchema = v.strictObject({ rows: count, top1: share });

export type CurvePoint = Data<typeof curvePointSchema>;

/** `NAME.probe.json`, beside the weights in `NAME.probe.safetensors`. */
export const probeManifestSchema = v.strictObject({
  format: v.literal(1),
  name: text,
  backbone: probeBackboneSchema,
  /** Of the head's file; absent in manifests that were written before it was. */
  headSha256: v.optional(sha256),
  preprocessing: preprocessingSchema,
  /** Class names by index, in code-unit order. */
  classes: v.pipe(v.array(v.string()), v.minLength(2)),
  split: v.strictObject({
    /** Whether the dataset has its own parts, or the seed drew them. */
    by: v.picklist(['dataset', 'seed']),
    seed: count,
    /** Share of every class that the seed held out. */
    validationShare: share,
    train: count,
    validation: count,
    skipped: count,
  }),
  /** λ of the L2 penalty λ/2 · ‖weight‖² that did best on the validation pictures. */
  penalty: v.number(),
  /** On the validation pictures; loss in nats. */
  accuracy: v.strictObject({ top1: share, top5: share, loss: v.number() }),
  learningCurve: v.array(curvePointSchema),
  /** ISO 8601. */
  date: text,
});

export type ProbeManifest = Data<typeof probeManifestSchema>;

/** One picture's answer. */
const probeAnswerSchema = v.object({
  name: v.string(),
  truth: v.number(),
  answer: v.number(),
  /** Of the answer, 0 … 1. */
  probability: v.number(),
  /** Place of the truth among all classes, from 0. */
  truthRank: v.number(),
});

export type ProbeAnswer = Data<typeof probeAnswerSchema>;

/** A wrong answer with the evidence for it. */
const probeMistakeSchema = v.object({
  ...probeAnswerSchema.entries,
  /** Why the probe gave this answer; left out where no map could be made. */
  map: v.optional(patchMapSchema),
  /** Which part of the picture the map covers. */
  window: v.optional(inputWindowSchema),
});

export type ProbeMistake = Data<typeof probeMistakeSchema>;

/** How good a probe is on labelled pictures; `NAME.probe-report.json`. */
export const probeReportSchema = v.object({
  format: v.literal(1),
  probe: v.string(),
  backbone: v.string(),
  /** Folder that the names of pictures are relative to. */
  root: v.string(),
  classes: v.array(v.string()),
  pictures: v.number(),
  top1: v.number(),
  top5: v.number(),
  loss: v.number(),
  perClass: v.array(
    v.object({
      pictures: v.number(),
      /** Null where no picture was called so. */
      precision: v.nullable(v.number()),
      /** Null where there is no picture of the class. */
      recall: v.nullable(v.number()),
    }),
  ),
  /** `confusion[truth][answer]`: counts. */
  confusion: v.array(v.array(v.number())),
  learningCurve: v.array(curvePointSchema),
  answers: v.array(probeAnswerSchema),
  /** The surest wrong answers, the surest first. */
  mistakes: v.array(probeMistakeSchema),
  skipped: v.array(skippedSampleSchema),
});

export type ProbeReport = Data<typeof probeReportSchema>;
