/** What a backward rule sees and gives back. */
import type { GraphNode } from '../onnx/graph';
import type { OpKind } from '../ops/operator';
import type { Slice, Tape } from './tape';

/** A cotangent `[K, ...s]`, or only some rows of it (the others are zero). */
export interface Cotangent {
  readonly name: string;
  readonly slice: Slice | undefined;
}

/** What a rule hands to one input; `slice` counts that input's own axes. */
export interface Contribution {
  readonly name: string;
  readonly slice?: Slice | undefined;
}

/** Where a product stands in a block, for the rule sets that treat attention apart. */
export type ProductRole = 'scores' | 'context' | 'other';

/** One node on the way back. */
export interface Step {
  readonly tape: Tape;
  readonly node: GraphNode;
  /** Cotangent of the (first) output; only the rows of `slice` if that is set. */
  readonly cotangent: string;
  /** Set only for rules that take part in row slicing (`rows`). */
  readonly slice: Slice | undefined;
  /** Cotangents of all outputs, whole. Only Split has more than one. */
  readonly cotangents: readonly (string | undefined)[];
  readonly role: ProductRole;
  /** True if something asked for lies behind this input. */
  readonly wanted: (input: number) => boolean;
  /** The forward tensor of an input, only the rows of `slice` where it has them. */
  readonly input: (index: number) => string;
  /** The forward tensor of the output, likewise. */
  readonly output: () => string;
  /** Shape of an input's forward tensor. */
  readonly shape: (index: number) => readonly number[];
}

/**
 * Contributions by input; undefined where nothing flows. A bare name is a cotangent of the rows
 * that the step itself has; several parts for one input are summed by the walker.
 */
export type Contributions = readonly (
  readonly Contribution[] | Contribution | string | undefined
)[];

/** A step before its cotangents are known. */
export type StepForm = Omit<Step, 'cotangent' | 'cotangents'>;

export interface Rule {
  /**
   * True if the rule can work on these rows of its output alone. Where it cannot (or where this is
   * left out) the walker completes the cotangent with zeros first.
   */
  readonly rows?: (step: StepForm, slice: Slice) => boolean;
  apply(step: Step): Contributions;
}

export type Rules = Readonly<Record<OpKind, Rule>>;
