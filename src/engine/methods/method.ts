/** What a method is: facts for the person who chooses, and how its map is recorded. */
import type { MethodInfo, MethodOptions } from '../../shared/explanation';
import type { Channels } from '../onnx/input-normalisation';
import type { Attribution } from './attribution';
import type { VitStructure } from '../vit/structure';

/** A method with its options. */
export interface MethodCall {
  readonly method: string;
  readonly options: MethodOptions;
}

export interface Method {
  readonly info: MethodInfo;
  /** What stands at the logits when the walk back begins; the logit itself unless said otherwise. */
  readonly seed?: 'logit' | 'probability';
  /**
   * What is promised to add up: what it records as `Attribution.total` to the number that the walk
   * began with, Σ seed · output, or its map to the answer less that to a plain grey image. Undefined:
   * nothing, e.g. where the rules leave out biases.
   */
  readonly promise?: 'answer' | 'answer-above-grey';
  /**
   * Whether its rules divide by sums that nearly cancel. The rounding of the forward run shapes such a
   * map, so where the model is small enough it is walked over a forward run in float64.
   */
  readonly magnifiesRounding?: boolean;
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
