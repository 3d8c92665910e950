/** How faithful the maps of a model's methods are over many pictures, as plain data. */
import * as v from 'valibot';
import type { BatchHeader } from './batch-header';
import { failureCodes } from './failure-data';
import {
  controls,
  curveSchema,
  faithfulnessFiguresSchema,
  type Control,
  type Curve,
  type FaithfulnessFigures,
  type Measuring,
} from './faithfulness';
import { patchMapSchema } from './sample-result';
import type { Data } from './schema';

/** Whose evidence is traced: the class that the model answers, or the one that the label means. */
export const evaluatedClasses = ['answer', 'label'] as const;

export type EvaluatedClass = (typeof evaluatedClasses)[number];

/** One method's map of one picture, measured. */
export const measuredMapSchema = v.object({
  /** Raw values, brought to the patch grid. */
  map: patchMapSchema,
  figures: faithfulnessFiguresSchema,
  /** 1 − Spearman's correlation with the map of the next best class; 0 … 2. */
  classSensitivity: v.exactOptional(v.number()),
  mostFirst: curveSchema,
  leastFirst: curveSchema,
});

export type MeasuredMap = Data<typeof measuredMapSchema>;

const evaluatedSchema = v.object({
  ok: v.literal(true),
  /** The sample's key: its path from the dataset's root. */
  name: v.string(),
  /** Of the file's bytes, hexadecimal. */
  sha256: v.string(),
  label: v.exactOptional(v.string()),
  /** The class whose maps these are, and how strongly the model answers it on the whole picture. */
  index: v.number(),
  strength: v.number(),
  /** Shares of the patches that are away at each point of the curves. */
  shares: v.array(v.number()),
  /** What orders that look at no model reach on this picture. */
  controls: v.object({ random: faithfulnessFiguresSchema, centre: faithfulnessFiguresSchema }),
  /** By method. */
  maps: v.record(v.string(), measuredMapSchema),
  /** Why a method has no map of this picture, by method. */
  failures: v.exactOptional(v.record(v.string(), v.string())),
});

export type EvaluatedPicture = Data<typeof evaluatedSchema>;

const unevaluatedSchema = v.object({
  ok: v.literal(false),
  name: v.string(),
  label: v.exactOptional(v.string()),
  code: v.picklist(failureCodes),
  message: v.string(),
});

export const pictureRecordSchema = v.variant('ok', [evaluatedSchema, unevaluatedSchema]);

/** What is known of one picture: a line of an evaluation's JSONL file. */
export type PictureRecord = Data<typeof pictureRecordSchema>;

/** The first line of an evaluation's JSONL file: everything that its records depend on. */
export interface EvaluationHeader extends Pick<
  BatchHeader,
  | 'dataset'
  | 'samples'
  | 'model'
  | 'preprocessing'
  | 'output'
  | 'options'
  | 'classes'
  | 'skipped'
  | 'shard'
> {
  readonly format: 'vit-explainer-evaluation';
  readonly version: 1;
  /** How many pictures the dataset has, of which `samples` were drawn. */
  readonly available: number;
  readonly evaluated: EvaluatedClass;
  readonly measuring: Measuring;
}

/** A row of the table that is no method. */
export const isControl = (id: string): id is Control => controls.some((control) => control === id);

/** Mean over pictures, and its standard error. */
export interface Mean {
  readonly pictures: number;
  readonly mean: number;
  /** Undefined of a single picture. */
  readonly standardError: number | undefined;
}

/** Mean of the differences to the reference, picture by picture, and its 95 % interval. */
export interface PairedDifference {
  readonly pictures: number;
  readonly mean: number;
  /** Left out where there are too few pictures to resample. */
  readonly interval?: { readonly low: number; readonly high: number };
}

export const metricIds = [
  'abc',
  'abcLogit',
  'deletion',
  'insertion',
  'saco',
  'classSensitivity',
] as const;

export type MetricId = (typeof metricIds)[number];

/** What a person needs to read a column of figures. */
export interface Metric {
  readonly name: string;
  /** Whether high is good; undefined where neither is. */
  readonly better: 'high' | 'low' | undefined;
  readonly sentence: string;
}

export const metrics: Readonly<Record<MetricId, Metric>> = {
  abc: {
    name: 'ABC',
    better: 'high',
    sentence:
      'Area between the curves: the mean probability with the least relevant patches taken away first, less the mean with the most relevant first. 0 for an order that knows nothing.',
  },
  abcLogit: {
    name: 'ABC, logit',
    better: 'high',
    sentence: 'The same of the logit, in its own unit.',
  },
  deletion: {
    name: 'Deletion',
    better: 'low',
    sentence:
      'Area under the probability while patches are taken away, the most relevant first. Low is good.',
  },
  insertion: {
    name: 'Insertion',
    better: 'high',
    sentence:
      'Area under the probability while patches come back, the most relevant first. High is good.',
  },
  saco: {
    name: 'SaCo',
    better: 'high',
    sentence:
      'Whether groups of patches with more relevance also weigh more for the answer, −1 to 1.',
  },
  classSensitivity: {
    name: 'Class sensitivity',
    better: undefined,
    sentence:
      '1 less the rank correlation of the maps of the two best classes: 0 where the map does not depend on the class.',
  },
};

export type MetricMeans = Readonly<Partial<Record<MetricId, Mean>>>;

/** How one method, or an order that looks at no model, did. */
export interface EvaluationRow {
  /** A method, or `random`, `centre`. */
  readonly id: string;
  readonly means: MetricMeans;
  /** Against the reference; none of the reference itself. */
  readonly differences: Readonly<Partial<Record<MetricId, PairedDifference>>>;
  /** Share of the maps that are zero everywhere; of methods only. */
  readonly zeroMaps: number | undefined;
  /** Mean of the curves, of methods only. */
  readonly curves: { readonly mostFirst: Curve; readonly leastFirst: Curve } | undefined;
  /** Names of the pictures with the highest and the lowest ABC, best and worst first. */
  readonly best: readonly string[];
  readonly worst: readonly string[];
}

export interface EvaluationSummary {
  /** Pictures with at least one map. */
  readonly pictures: number;
  readonly broken: readonly { readonly name: string; readonly message: string }[];
  /** Highest mean ABC first, controls among them. */
  readonly rows: readonly EvaluationRow[];
  /** The method that the others are compared with. */
  readonly reference: string | undefined;
  /** The method to use, and why, in one sentence. */
  readonly advice: { readonly method: string | undefined; readonly sentence: string };
  /** Pictures that a method has no map of, by method. */
  readonly failures: Readonly<Record<string, number>>;
}

/** Cost of one map in plain forward runs, by method; measured on one machine, so kept apart. */
export type MeasuredCosts = Readonly<Record<string, number>>;

/**
 * How alike a method's maps are once the weights of the head, a third, two thirds and all of the blocks
 * are shuffled, −1 … 1, by method; depends on few pictures, so kept apart as well.
 */
export type MeasuredRandomisation = Readonly<Record<string, readonly number[]>>;

export function figuresOf({ figures, classSensitivity }: MeasuredMap): MetricFigures {
  return { ...figures, ...(classSensitivity !== undefined && { classSensitivity }) };
}

export type MetricFigures = FaithfulnessFigures & { readonly classSensitivity?: number };
