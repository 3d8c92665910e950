/** The plain data that travels between worker, extension and panel: what was asked, what came out. */
import * as v from 'valibot';
import { presets } from './method-choice';
import type { Data } from './schema';

/** A patch grid: rows, then columns. */
export const gridSchema = v.strictTuple([v.number(), v.number()]);

export type Grid = Data<typeof gridSchema>;

/** Whose details the methods follow. */
export const presetSchema = v.picklist(presets);

export type Preset = Data<typeof presetSchema>;

/** How strongly a model answered a class for one image. */
const strengthEntries = {
  /** 0 … 1; of all classes or of the class alone, as the model's `OutputKind` says. Values have none. */
  probability: v.exactOptional(v.number()),
  /** 0 … 1, of the classes that answers were taken among, where it is one of them. */
  share: v.exactOptional(v.number()),
  /** Left out where the model gives probabilities without any, or values. */
  logit: v.exactOptional(v.number()),
  /** What a model that gives values (a regression) says. */
  value: v.exactOptional(v.number()),
  /** Of a phrase: cosine of its embedding and the picture's, −1 … 1. */
  similarity: v.exactOptional(v.number()),
};

/** A class of the model, and its answer. */
export const classScoreSchema = v.object({
  index: v.number(),
  label: v.string(),
  ...strengthEntries,
  /** For a picture that was changed, the answer for that picture as it is. */
  before: v.exactOptional(v.object(strengthEntries)),
});

export type ClassScore = Data<typeof classScoreSchema>;

/** What to explain: exactly these classes, the `topK` most probable ones, or why the first of two and not the second. */
export const targetsSchema = v.union([
  v.object({ topK: v.number() }),
  v.object({ classes: v.array(v.number()) }),
  v.object({ contrast: v.strictTuple([v.number(), v.number()]) }),
]);

export type Targets = Data<typeof targetsSchema>;

/** How one method is to be run; fields left out take the method's own defaults. */
export const methodOptionsSchema = v.object({
  /** Left out: `defaultPreset`. */
  preset: v.exactOptional(presetSchema),
  /** First block that a rollout multiplies in, from 0. */
  startLayer: v.exactOptional(v.number()),
  /** `last_layer`, `second_layer`: multiply by the attention gradient first. */
  isAblation: v.exactOptional(v.boolean()),
  /** `attention_rollout`: how heads become one matrix. */
  headFusion: v.exactOptional(v.picklist(['mean', 'max', 'min'])),
  /** `attention_rollout`: share of the weakest attention set to zero, 0 … 1. */
  discardRatio: v.exactOptional(v.number()),
});

export type MethodOptions = Data<typeof methodOptionsSchema>;

/** One class's evidence, or what speaks for it rather than for another one. */
export const heatmapSchema = v.object({
  index: v.number(),
  label: v.string(),
  /** The class that it is held against. */
  against: v.exactOptional(v.number()),
  againstLabel: v.exactOptional(v.string()),
  /** Raw relevance (no scaling), row-major, `shape[0] * shape[1]` values. */
  values: v.instance(Float32Array),
  /** Rows and columns of the grid, or height and width of the model input for methods that reach the pixels. */
  shape: gridSchema,
});

export type Heatmap = Data<typeof heatmapSchema>;

/** Where the model's square (or oblong) input lies in the original picture, in its pixels after EXIF rotation. */
export const inputWindowSchema = v.object({
  imageWidth: v.number(),
  imageHeight: v.number(),
  left: v.number(),
  top: v.number(),
  width: v.number(),
  height: v.number(),
});

export type InputWindow = Data<typeof inputWindowSchema>;

/** What a person needs to choose a method. */
export const methodInfoSchema = v.object({
  id: v.string(),
  name: v.string(),
  /** One sentence: what the map shows. */
  sentence: v.string(),
  paper: v.object({
    title: v.string(),
    authors: v.string(),
    year: v.number(),
    url: v.string(),
  }),
  classSpecific: v.boolean(),
  /** Rough cost for one class, in plain forward passes. */
  cost: v.number(),
  /** Where it misleads, in one sentence. */
  misleads: v.string(),
  /** What is to be known before it is chosen, in one sentence. */
  caution: v.exactOptional(v.string()),
  /** Whether values can be negative (draw with a diverging colour map). */
  signed: v.boolean(),
  /** Whether the map has a value a pixel instead of a value a patch. */
  pixels: v.boolean(),
});

export type MethodInfo = Data<typeof methodInfoSchema>;

/** Whether a method can run on a given model, and if not, why. */
export const methodAvailabilitySchema = v.object({
  id: v.string(),
  reason: v.undefinedable(v.string()),
});

export type MethodAvailability = Data<typeof methodAvailabilitySchema>;

/** A figure for how far a map can be trusted numerically. */
export const stabilitySchema = v.object({
  /** Relative L2 change of the map under a relative perturbation of 1e-6 of the input. */
  relativeChange: v.number(),
  trusted: v.boolean(),
  sentence: v.string(),
});

export type Stability = Data<typeof stabilitySchema>;
