/** Tensors of a checkpoint as views into its file; values are read when they are needed, as float32. */
import type { ByteSource } from './byte-source';
import { EngineError } from '../../engine-error';
import { halfToNumber, sizeOf } from '../../onnx/tensor-bytes';

export const checkpointTypeSize = {
  float64: 8,
  float32: 4,
  float16: 2,
  bfloat16: 2,
  int64: 8,
  int32: 4,
  int16: 2,
  int8: 1,
  uint8: 1,
  bool: 1,
} as const;

export type CheckpointType = keyof typeof checkpointTypeSize;

/** Parts that a checkpoint may keep numbers in: far more than any, and looked through within seconds. */
export const mostStorages = 2 ** 17;

export interface CheckpointTensor {
  readonly name: string;
  readonly type: CheckpointType;
  readonly dims: readonly number[];
  /** Step from one element to the next along each axis, in elements. */
  readonly strides: readonly number[];
  /** Where its first element lies in the file, in bytes. */
  readonly position: number;
  readonly source: ByteSource;
}

/** Row-major strides of a shape, in elements. */
export function contiguousStrides(dims: readonly number[]): number[] {
  const strides: number[] = [];
  let step = 1;
  for (const dim of dims.toReversed()) {
    strides.push(step);
    step *= dim;
  }
  return strides.reverse();
}

/** The same values with two axes of a matrix exchanged; nothing is read or copied. */
export function transposed(tensor: CheckpointTensor): CheckpointTensor {
  return {
    ...tensor,
    dims: tensor.dims.toReversed(),
    strides: tensor.strides.toReversed(),
  };
}

/** `count` rows of the first axis, beginning at `start`; nothing is read or copied. */
export function rows(tensor: CheckpointTensor, start: number, count: number): CheckpointTensor {
  const step = tensor.strides[0] ?? 0;
  return {
    ...tensor,
    dims: [count, ...tensor.dims.slice(1)],
    position: tensor.position + start * step * checkpointTypeSize[tensor.type],
  };
}

/** The same values in another shape. @throws EngineError if the sizes differ, or other axes than those of length one in a tensor that is not contiguous. */
export function reshaped(tensor: CheckpointTensor, dims: readonly number[]): CheckpointTensor {
  const long = tensor.dims.flatMap((dim, axis) => (dim === 1 ? [] : [axis]));
  const kept = dims.filter((dim) => dim !== 1);
  // Axes of length one come and go without moving a value.
  if (long.length === kept.length && long.every((axis, i) => tensor.dims[axis] === kept[i])) {
    const steps = long.map((axis) => tensor.strides[axis] ?? 0);
    const strides = dims.map((dim) => (dim === 1 ? 0 : (steps.shift() ?? 0)));
    return { ...tensor, dims, strides };
  }
  if (sizeOf(dims) !== sizeOf(tensor.dims) || !isContiguous(tensor)) {
    throw new EngineError(
      'model-unreadable',
      `The tensor “${tensor.name}” of “${tensor.source.fileName}” has the shape [${tensor.dims.join(', ')}] where [${dims.join(', ')}] was expected.`,
      'Check that the file holds a Vision Transformer and is not a part of one.',
    );
  }
  return { ...tensor, dims, strides: contiguousStrides(dims) };
}

function isContiguous(tensor: CheckpointTensor): boolean {
  const expected = contiguousStrides(tensor.dims);
  return tensor.dims.every((dim, axis) => dim === 1 || tensor.strides[axis] === expected[axis]);
}

/** All values in row-major order, upcast (fp16, bf16) or rounded (fp64) to float32. */
export async function readFloats(tensor: CheckpointTensor): Promise<Float32Array> {
  const count = sizeOf(tensor.dims);
  if (count === 0) return new Float32Array(0);
  const last = tensor.dims.reduce(
    (sum, dim, axis) => sum + (dim - 1) * (tensor.strides[axis] ?? 0),
    0,
  );
  const bytes = await tensor.source.read(
    tensor.position,
    (last + 1) * checkpointTypeSize[tensor.type],
  );
  const flat = upcast(bytes, tensor.type);
  if (isContiguous(tensor)) return flat;
  return gather(flat, tensor.dims, tensor.strides, count);
}

function gather(
  flat: Float32Array,
  dims: readonly number[],
  strides: readonly number[],
  count: number,
): Float32Array {
  const out = new Float32Array(count);
  // All axes but the last two are walked with an odometer; the inner two by plain loops.
  const inner = dims.at(-1) ?? 1;
  const innerStep = strides.at(-1) ?? 1;
  const outer = dims.slice(0, -1);
  const index = outer.map(() => 0);
  let base = 0;
  for (let at = 0; at < count; at += inner) {
    for (let i = 0, from = base; i < inner; i++, from += innerStep) out[at + i] = flat[from] ?? 0;
    for (let axis = outer.length - 1; axis >= 0; axis--) {
      const step = strides[axis] ?? 0;
      const next = (index[axis] ?? 0) + 1;
      if (next < (outer[axis] ?? 1)) {
        index[axis] = next;
        base += step;
        break;
      }
      base -= (next - 1) * step;
      index[axis] = 0;
    }
  }
  return out;
}

function upcast(bytes: Uint8Array, type: CheckpointType): Float32Array {
  const { buffer, byteLength } = bytes;
  switch (type) {
    case 'float32':
      return new Float32Array(buffer, 0, byteLength / 4);
    case 'float64':
      return Float32Array.from(new Float64Array(buffer, 0, byteLength / 8));
    case 'float16': {
      const table = halfTable();
      return Float32Array.from(
        new Uint16Array(buffer, 0, byteLength / 2),
        (bits) => table[bits] ?? 0,
      );
    }
    case 'bfloat16': {
      // A bfloat16 is the upper half of a float32.
      const bits = Uint32Array.from(
        new Uint16Array(buffer, 0, byteLength / 2),
        (half) => half << 16,
      );
      return new Float32Array(bits.buffer);
    }
    case 'int64':
      return Float32Array.from(new BigInt64Array(buffer, 0, byteLength / 8), Number);
    case 'int32':
      return Float32Array.from(new Int32Array(buffer, 0, byteLength / 4));
    case 'int16':
      return Float32Array.from(new Int16Array(buffer, 0, byteLength / 2));
    case 'int8':
      return Float32Array.from(new Int8Array(buffer, 0, byteLength));
    case 'uint8':
    case 'bool':
      return Float32Array.from(bytes);
  }
}

let halves: Float32Array | undefined;

/** Every half-precision number by its bits: 65,536 entries, made once. */
function halfTable(): Float32Array {
  halves ??= Float32Array.from({ length: 65536 }, (_, bits) => halfToNumber(bits));
  return halves;
}
