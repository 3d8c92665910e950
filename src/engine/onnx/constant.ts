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
