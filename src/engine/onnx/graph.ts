/**
 * A canonical forward graph in memory: what the rest of the engine reads.
 * Produced by `canonicalise`; every shape is static and batch is 1.
 */
import type { Attributes } from '../ops/attributes';
import type { Constant, ElementType } from './constant';

export interface GraphNode {
  readonly name: string;
  /** Operator with its domain unless that is the default one: `Softmax`, `com.microsoft.FusedMatMul`. */
  readonly op: string;
  /** Tensor names; an empty string is an omitted optional input. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Attributes;
}

/** A tensor that enters or leaves the graph. */
export interface Port {
  readonly name: string;
  readonly type: ElementType;
  readonly dims: readonly number[];
}

export interface Graph {
  /** In topological order. */
  readonly nodes: readonly GraphNode[];
  readonly constants: ReadonlyMap<string, Constant>;
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  /** Static shape of every tensor, constants included. */
  readonly shapes: ReadonlyMap<string, readonly number[]>;
  /** Opset version by domain (`''` is the default domain). */
  readonly opsets: ReadonlyMap<string, number>;
}
