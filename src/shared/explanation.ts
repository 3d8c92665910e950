/** The plain data that travels between worker, extension and panel: what was asked, what came out. */

/** A patch grid, rows before columns. */
export type Grid = readonly [rows: number, columns: number];

/**
 * Whose details the methods follow where published code differs: `base` is the research code that
 * this began from, to the letter (maps start at the class token whatever the model reads), `model`
 * its formulas from what the model itself reads, `chefer` Chefer et al.'s own repository.
 */
export type Preset = 'model' | 'base' | 'chefer';

export const presets: readonly Preset[] = ['model', 'base', 'chefer'];

/** What is followed where nobody says otherwise, in the editor and on the command line alike. */
export const defaultPreset: Preset = 'model';

/** The method that a picture is explained by where nobody chooses another. */
export const defaultMethod = 'transformer_attribution';

/** A class of the model and how strongly the model answered it for one image. */
export interface ClassScore {
  readonly index: number;
  readonly label: string;
  /** 0 … 1; of all classes or of the class alone, as the model's `OutputKind` says. Values have none. */
  readonly probability?: number;
  /** Left out where the model gives probabilities without any, or values. */
  readonly logit?: number;
  /** What a model that gives values (a regression) says. */
  readonly value?: number;
  /** Of a phrase: cosine of its embedding and the picture's, −1 … 1. */
  readonly similarity?: number;
}

/** What to explain: exactly these classes, or the `topK` most probable ones. */
export type Targets = { readonly topK: number } | { readonly classes: readonly number[] };

/** How one method is to be run; fields left out take the method's own defaults. */
export interface MethodOptions {
  /** Left out: `defaultPreset`. */
  readonly preset?: Preset;
  /** First block that a rollout multiplies in, from 0. */
  readonly startLayer?: number;
  /** `last_layer`, `second_layer`: multiply by the attention gradient first. */
  readonly isAblation?: boolean;
  /** `attention_rollout`: how heads become one matrix. */
  readonly headFusion?: 'mean' | 'max' | 'min';
  /** `attention_rollout`: share of the weakest attention set to zero, 0 … 1. */
  readonly discardRatio?: number;
}

/** One class's evidence. */
export interface Heatmap {
  readonly index: number;
  readonly label: string;
  /** The class's strength as in `ClassScore`, also where it is not among the top k. */
  readonly probability?: number;
  readonly logit?: number;
  readonly value?: number;
  /** Raw relevance (no scaling), row-major, `shape[0] * shape[1]` values. */
  readonly values: Float32Array;
  /** `[gridRows, gridColumns]`, or `[height, width]` of the model input for methods that reach the pixels. */
  readonly shape: readonly [rows: number, columns: number];
}

/** Where the model's square (or oblong) input lies in the original picture, in its pixels after EXIF rotation. */
export interface InputWindow {
  readonly imageWidth: number;
  readonly imageHeight: number;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** What a person needs to choose a method. */
export interface MethodInfo {
  readonly id: string;
  readonly name: string;
  /** One sentence: what the map shows. */
  readonly sentence: string;
  readonly paper: {
    readonly title: string;
    readonly authors: string;
    readonly year: number;
    readonly url: string;
  };
  readonly classSpecific: boolean;
  /** Rough cost for one class, in plain forward passes. */
  readonly cost: number;
  /** Where it misleads, in one sentence. */
  readonly misleads: string;
  /** Whether values can be negative (draw with a diverging colour map). */
  readonly signed: boolean;
  /** Whether the map has a value a pixel instead of a value a patch. */
  readonly pixels: boolean;
}

/** Whether a method can run on a given model, and if not, why. */
export interface MethodAvailability {
  readonly id: string;
  readonly reason: string | undefined;
}

/** A figure for how far a map can be trusted numerically. */
export interface Stability {
  /** Relative L2 change of the map under a relative perturbation of 1e-6 of the input. */
  readonly relativeChange: number;
  readonly trusted: boolean;
  readonly sentence: string;
}
