/**
 * A canonical forward graph in memory: what the rest of the engine reads.
 * Produced by `canonicalise`; every shape is static and batch is 1.
 */
import type { Attributes } from '../ops/attributes';

export type ElementType =
  'float32' | 'float64' | 'int64' | 'int32' | 'bool' | 'uint8' | 'int8' | 'float16';

/** A constant of the graph; a large weight is a view into the model's bytes or stays on disk. */
export interface Constant {
  readonly name: string;
  readonly type: ElementType;
  readonly dims: readonly number[];
  /**
   * Little-endian bytes, `product(dims) * size of type`. Of a stored constant they are read from its
   * file at every access.
   */
  readonly data: Uint8Array;
  /** Where the bytes lie on disk, if they are not held in memory. */
  readonly stored?: StoredBytes;
}

/** A place in a file of weights. */
export interface StoredBytes {
  readonly folder: string;
  /** Name of the file in that folder. */
  readonly file: string;
  readonly offset: number;
  readonly length: number;
}

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
