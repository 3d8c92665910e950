/** Numbers to and from the little-endian bytes of a constant. */
import type { Constant, ElementType } from './constant';
import type { Graph } from './graph';

/** Bytes of one element. */
export const elementSize: Readonly<Record<ElementType, number>> = {
  float32: 4,
  float64: 8,
  int64: 8,
  int32: 4,
  bool: 1,
  uint8: 1,
  int8: 1,
  float16: 2,
};

/** Number of elements of a shape; 1 for a scalar. */
export function sizeOf(dims: readonly number[]): number {
  return dims.reduce((product, dim) => product * dim, 1);
}

/** What a constant takes, in bytes. */
export function constantBytes({ dims, type }: Pick<Constant, 'dims' | 'type'>): number {
  return sizeOf(dims) * elementSize[type];
}

/** What the constants of a graph take, in bytes. */
export function weightBytes({ constants }: Graph): number {
  return [...constants.values()].reduce((sum, constant) => sum + constantBytes(constant), 0);
}

/** A float32 view of a constant's bytes, copied only if they are not aligned. */
export function asFloat32(constant: Constant): Float32Array {
  const { data } = constant;
  // `slice` of a Buffer would be a view again.
  const aligned = data.byteOffset % 4 === 0 ? data : new Uint8Array(data);
  return new Float32Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 4);
}

/** Every element as a number, whatever the type: for small constants. */
export function toNumbers(constant: Constant): number[] {
  const { data, type } = constant;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const size = elementSize[type];
  const read = readers[type];
  return Array.from({ length: data.byteLength / size }, (_, i) => read(view, i * size));
}

export function floatBytes(values: ArrayLike<number>): Uint8Array {
  const array = values instanceof Float32Array ? values : Float32Array.from(values);
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

export function int64Bytes(values: readonly number[]): Uint8Array {
  return new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
}

/** IEEE half precision to a number. */
export function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const readers: Readonly<Record<ElementType, (view: DataView, at: number) => number>> = {
  float32: (view, at) => view.getFloat32(at, true),
  float64: (view, at) => view.getFloat64(at, true),
  int64: (view, at) => Number(view.getBigInt64(at, true)),
  int32: (view, at) => view.getInt32(at, true),
  bool: (view, at) => view.getUint8(at),
  uint8: (view, at) => view.getUint8(at),
  int8: (view, at) => view.getInt8(at),
  float16: (view, at) => halfToNumber(view.getUint16(at, true)),
};
