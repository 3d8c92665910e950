/** What a method is: facts for the person who chooses, and how its map is recorded. */
import type { Channels } from '../onnx/input-normalisation';
import type { Attribution } from './attribution';
import type { VitStructure } from '../vit/structure';

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
  /** Whether values can be negative. */
  readonly signed: boolean;
  /** Whether the map has a value a pixel instead of a value a patch. */
  readonly pixels: boolean;
}

export type Preset = 'model' | 'base' | 'chefer';

/** How a method is to be run; fields left out take its own defaults. */
export interface MethodOptions {
  /** `model`, and left out: the base's details, started from the model's own readout. */
  readonly preset?: Preset;
  readonly startLayer?: number;
  readonly isAblation?: boolean;
  readonly headFusion?: 'mean' | 'max' | 'min';
  readonly discardRatio?: number;
}

export interface Method {
  readonly info: MethodInfo;
  /** What stands at the logits when the walk back begins; the logit itself unless said otherwise. */
  readonly seed?: 'logit' | 'probability';
  /** Whether it multiplies its blocks in from `startLayer` on. */
  readonly startsAtLayer?: boolean;
  /** Why it cannot run on this model; undefined if it can. */
  unavailable?(structure: VitStructure): string | undefined;
  /**
   * The images whose maps are averaged, in place of the image itself.
   * @param grey of `VitStructure`
   */
  images?(pixels: Float32Array, grey: Channels): Float32Array[];
  /**
   * Records the map.
   * @returns name of a tensor `[K, rows, columns]`, or `[1, rows, columns]` if it is the same for every class
   */
  record(attribution: Attribution, options: MethodOptions): string;
}
