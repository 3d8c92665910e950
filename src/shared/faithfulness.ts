/** How faithful a map is: what the model says when patches are taken away in the map's order. */
import * as v from 'valibot';
import type { Data } from './schema';

/**
 * What stands in a patch's place when it is taken away: the colour that the model normalises to 0,
 * the picture's mean colour, the picture blurred, or nothing (its token is left out).
 */
export const removals = ['grey', 'mean', 'blur', 'tokens'] as const;

export const removalSchema = v.picklist(removals);

export type Removal = Data<typeof removalSchema>;

/** How a map is measured. */
export const measuringSchema = v.object({
  removal: removalSchema,
  /** Points of a curve behind the first one. */
  steps: v.pipe(v.number(), v.integer(), v.minValue(2), v.maxValue(64)),
  /** Of the random orders. */
  seed: v.pipe(v.number(), v.integer()),
  /** Random orders that the map is compared with, each of them taken from both of its ends. */
  randomOrders: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(32)),
});

export type Measuring = Data<typeof measuringSchema>;

/**
 * Chosen on a ViT-Ti/16 and eight photographs, with six methods. Ten steps rank the methods of a
 * picture as twenty do (Spearman .99; five: .95), each ABC on average .01 from that of twenty (.03),
 * at half the runs, and intervals are no wider. The mean colour, because every model takes it; grey
 * gives the same ranking of the means. Tokens left out cost half as much, but some models cannot go
 * without one, and they ask something else: on one picture they rank the methods alike to .83 only.
 */
export const defaultMeasuring: Measuring = {
  removal: 'mean',
  steps: 10,
  seed: 1,
  randomOrders: 2,
};

/** What the model says of the class along one way of taking patches away, one number a step. */
export const curveSchema = v.object({
  /**
   * Of the class; of class A against B (a contrast) p_A / (p_A + p_B); the value itself where the
   * model gives values.
   */
  probability: v.array(v.number()),
  /** Of a contrast the difference of both. */
  logit: v.array(v.number()),
});

export type Curve = Data<typeof curveSchema>;

/** Figures of one order of the patches. */
export const faithfulnessFiguresSchema = v.object({
  /**
   * Area between the curves: mean probability with the least relevant patches taken away first, less
   * the mean with the most relevant first, which is `insertion` less `deletion`; −1 … 1, 0 for an
   * order that knows nothing.
   */
  abc: v.number(),
  /** The same of the logit, in the logit's own unit. */
  abcLogit: v.number(),
  /** Trapezoid area under the probability, most relevant first; 0 … 1, low is good. */
  deletion: v.number(),
  /** Trapezoid area under the probability as patches come back, most relevant first; 0 … 1, high is good. */
  insertion: v.number(),
  /** Salience-guided faithfulness coefficient (Wu et al., CVPR 2024); −1 … 1. */
  saco: v.exactOptional(v.number()),
});

export type FaithfulnessFigures = Data<typeof faithfulnessFiguresSchema>;

/** Orders that look at no model: what any map should beat. */
export const controls = ['random', 'centre'] as const;

export type Control = (typeof controls)[number];

/** One map of one class of one picture, measured. */
export const faithfulnessSchema = v.object({
  removal: removalSchema,
  /** Shares of the patches that are away at each point of the curves, 0 … 1, rising. */
  shares: v.array(v.number()),
  /** Most relevant patches taken away first. */
  mostFirst: curveSchema,
  /** Least relevant patches taken away first. */
  leastFirst: curveSchema,
  figures: faithfulnessFiguresSchema,
  /**
   * `random` is the mean of several orders, each taken from both of its ends: its `abc` is 0, as that
   * of all orders is on average.
   */
  controls: v.object({ random: faithfulnessFiguresSchema, centre: faithfulnessFiguresSchema }),
  /** Root mean square of the `abc` of single random orders: what luck alone gives on this picture. */
  luck: v.number(),
  /** Patch indices in row order, the most relevant first. */
  order: v.array(v.number()),
  /** 1 − Spearman's correlation of this map and that of the next best class; 0 … 2. */
  classSensitivity: v.exactOptional(v.number()),
  /** |Σ attribution − what the rule set promises| / |promise|, where it promises a sum. */
  completenessError: v.exactOptional(v.number()),
  /** Whether it beats both controls: its `abc` is above that of the centre, and above 1.64 times `luck`. */
  trusted: v.boolean(),
  /** The figures between the controls, in one sentence for a person. */
  sentence: v.string(),
  /** Forward runs that were made for it: what several maps share counts for the first of them. */
  runs: v.number(),
});

export type Faithfulness = Data<typeof faithfulnessSchema>;
