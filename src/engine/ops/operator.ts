/** What is known of an operator. Every part must be said: one that is left out does not compile. */
import type { Constant, ElementType } from '../onnx/constant';
import type { GraphNode } from '../onnx/graph';
import type { Arguments } from './arguments';
import type { Dims } from './axes';
import type { DoubleWriter } from './double-writer';
import type { Moves } from './movement';
import type { ShapeRule } from './shape-query';

/** Kinds of operator that have a backward rule. */
export type OpKind =
  | 'view'
  | 'transpose'
  | 'concat'
  | 'split'
  | 'slice'
  | 'gather'
  | 'expand'
  | 'add'
  | 'bias'
  | 'subtract'
  | 'multiply'
  | 'scale'
  | 'divide'
  | 'power'
  | 'square-root'
  | 'product'
  | 'linear'
  | 'convolution'
  | 'layer-norm'
  | 'rms-norm'
  | 'batch-norm'
  | 'gelu'
  | 'tanh-gelu'
  | 'quick-gelu'
  | 'relu'
  | 'sigmoid'
  | 'tanh'
  | 'softmax'
  | 'mean'
  | 'sum'
  | 'max'
  | 'l2-norm'
  | 'clip';

/** What is known around a node whose kind is asked. */
export interface KindQuery {
  readonly isConstant: (tensor: string) => boolean;
  /** Constants, and what else has no slope. */
  readonly isHeld: (tensor: string) => boolean;
  readonly shape: (tensor: string) => Dims;
  /** What made a tensor; undefined for constants and graph inputs. */
  readonly maker: (tensor: string) => Operator | undefined;
}

/** The kind of an operator whose forms differ; undefined for a form without a backward rule. */
export type KindRule = (node: GraphNode, query: KindQuery) => OpKind | undefined;

/** The type of an output: that of the input with this number, or a fixed one. */
export type Elements = number | ElementType;

/** What a node makes of constants; undefined where one of them is none, or for a form that is not known. */
export type Fold = (
  node: GraphNode,
  inputs: readonly (Constant | undefined)[],
) => Constant | undefined;

/** Writes a node in float64. @returns false for a form that stays in float32. */
export type WriteDouble = (node: GraphNode, writer: DoubleWriter) => boolean;

/**
 * What an operator is in a network:
 * - `product`: a matrix product;
 * - `convolution`;
 * - `norm`: of the features of each token;
 * - `layer`: another function that stands inside a network, never behind its logits;
 * - `squashing`: it makes probabilities of logits;
 * - `affine`: it only moves, adds up or scales numbers, as long as one operand is constant;
 * - `deciding`: it answers “which” or “more than”, and no longer how strongly.
 */
export type Role =
  'product' | 'convolution' | 'norm' | 'layer' | 'squashing' | 'affine' | 'deciding' | 'other';

/** Where a node changes nothing: in the shape, order or type of its input, or with this number beside it. */
export type NoOp = 'never' | 'always' | 'same-shape' | 'same-order' | 'same-type' | number;

export interface Operator {
  readonly shape: ShapeRule;
  readonly elements: Elements | ((node: GraphNode, output: number) => Elements | undefined);
  readonly integers: Arguments;
  readonly moves: Moves;
  /**
   * Which backward rule it follows. A `step` has no slope anywhere (truth values, roundings), so that
   * what it gives is held fixed; `none` has a slope and no rule.
   */
  readonly kind: OpKind | KindRule | 'step' | 'none';
  /** `kernel`: ONNX Runtime’s CPU provider has it in float64; `none`: it stays in float32. */
  readonly float64: 'kernel' | 'none' | WriteDouble;
  readonly fold: Fold | 'none';
  readonly role: Role;
  /**
   * Its result costs less to compute again than to hand over: every megabyte that leaves a run costs
   * half a millisecond in page faults.
   */
  readonly cheap: boolean | ((node: GraphNode, isConstant: (tensor: string) => boolean) => boolean);
  readonly noOp: NoOp;
}
