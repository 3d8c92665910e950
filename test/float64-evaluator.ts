/**
 * Evaluates graphs in float64, straight from the operators' definitions: an independent yardstick
 * for backward rules (finite differences without rounding) and for what float32 costs.
 */
import type { Constant } from '../src/engine/onnx/constant';
import type { GraphNode } from '../src/engine/onnx/graph';
import { toNumbers } from '../src/engine/onnx/tensor-bytes';
import type { Attributes } from '../src/engine/ops/attributes';

export interface Array64 {
  readonly dims: readonly number[];
  readonly data: Float64Array;
}

export function array64(dims: readonly number[], data: ArrayLike<number>): Array64 {
  return { dims, data: Float64Array.from(data) };
}

const count = (dims: readonly number[]) => dims.reduce((product, dim) => product * dim, 1);
const front = (axis: number, rank: number) => (axis < 0 ? axis + rank : axis);

function strides(dims: readonly number[]): number[] {
  const result = new Array<number>(dims.length).fill(1);
  for (let i = dims.length - 2; i >= 0; i--) result[i] = (result[i + 1] ?? 1) * (dims[i + 1] ?? 1);
  return result;
}

/** Calls `visit` with every multi-index of a shape. */
function each(
  dims: readonly number[],
  visit: (index: readonly number[], flat: number) => void,
): void {
  const index = new Array<number>(dims.length).fill(0);
  const total = count(dims);
  for (let flat = 0; flat < total; flat++) {
    visit(index, flat);
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      index[axis] = (index[axis] ?? 0) + 1;
      if ((index[axis] ?? 0) < (dims[axis] ?? 0)) break;
      index[axis] = 0;
    }
  }
}

function broadcastDims(shapes: readonly (readonly number[])[]): number[] {
  const rank = Math.max(...shapes.map((shape) => shape.length));
  return Array.from({ length: rank }, (_, axis) =>
    Math.max(...shapes.map((shape) => shape[axis - rank + shape.length] ?? 1)),
  );
}

/** Reads an array as if it had another, larger shape. */
function stretched(array: Array64, dims: readonly number[]): Float64Array {
  if (array.dims.length === dims.length && array.dims.every((dim, i) => dim === dims[i]))
    return array.data;
  const own = strides(array.dims);
  const shift = dims.length - array.dims.length;
  const result = new Float64Array(count(dims));
  each(dims, (index, flat) => {
    let at = 0;
    for (const [axis, dim] of array.dims.entries())
      if (dim !== 1) at += (index[axis + shift] ?? 0) * (own[axis] ?? 1);
    result[flat] = array.data[at] ?? NaN;
  });
  return result;
}

function elementwise(inputs: readonly Array64[], apply: (...values: number[]) => number): Array64 {
  const dims = broadcastDims(inputs.map((input) => input.dims));
  const sources = inputs.map((input) => stretched(input, dims));
  const data = new Float64Array(count(dims));
  for (let i = 0; i < data.length; i++)
    data[i] = apply(...sources.map((source) => source[i] ?? NaN));
  return { dims, data };
}

/** erf to double precision: its Taylor series near zero, a continued fraction of erfc beyond. */
export function erf(x: number): number {
  const a = Math.abs(x);
  if (a < 2.5) {
    let term = a;
    let sum = a;
    for (let n = 1; n < 200 && Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
      term *= -(a * a) / n;
      sum += term / (2 * n + 1);
    }
    return (Math.sign(x) * 2 * sum) / Math.sqrt(Math.PI);
  }
  let fraction = 0;
  for (let n = 60; n > 0; n--) fraction = n / 2 / (a + fraction);
  return Math.sign(x) * (1 - Math.exp(-a * a) / Math.sqrt(Math.PI) / (a + fraction));
}

function transposed(input: Array64, perm: readonly number[]): Array64 {
  const dims = perm.map((axis) => input.dims[axis] ?? 1);
  const own = strides(input.dims);
  const data = new Float64Array(input.data.length);
  each(dims, (index, flat) => {
    let at = 0;
    for (const [axis, from] of perm.entries()) at += (index[axis] ?? 0) * (own[from] ?? 1);
    data[flat] = input.data[at] ?? NaN;
  });
  return { dims, data };
}

function swapLast(input: Array64): Array64 {
  const rank = input.dims.length;
  const perm = Array.from({ length: rank }, (_, i) => i);
  [perm[rank - 2], perm[rank - 1]] = [rank - 1, rank - 2];
  return transposed(input, perm);
}

function matmul(a: Array64, b: Array64): Array64 {
  const lead = broadcastDims([a.dims.slice(0, -2), b.dims.slice(0, -2), []]);
  const [m = 1, k = 1] = a.dims.slice(-2);
  const n = b.dims.at(-1) ?? 1;
  const left = stretched(a, [...lead, m, k]);
  const right = stretched(b, [...lead, k, n]);
  const batches = count(lead);
  const data = new Float64Array(batches * m * n);
  for (let batch = 0; batch < batches; batch++) {
    for (let i = 0; i < m; i++) {
      for (let l = 0; l < k; l++) {
        const value = left[(batch * m + i) * k + l] ?? NaN;
        for (let j = 0; j < n; j++) {
          const at = (batch * m + i) * n + j;
          data[at] = (data[at] ?? 0) + value * (right[(batch * k + l) * n + j] ?? NaN);
        }
      }
    }
  }
  return { dims: [...lead, m, n], data };
}

/** Reduces axes; kept ones stay in order. */
function reduced(
  input: Array64,
  axes: readonly number[],
  keep: boolean,
  start: number,
  apply: (accumulated: number, value: number) => number,
): Array64 {
  const dims = input.dims.map((dim, i) => (axes.includes(i) ? 1 : dim));
  const to = strides(dims);
  const data = new Float64Array(count(dims)).fill(start);
  each(input.dims, (index, flat) => {
    let at = 0;
    for (const [axis, dim] of dims.entries())
      if (dim !== 1) at += (index[axis] ?? 0) * (to[axis] ?? 1);
    data[at] = apply(data[at] ?? NaN, input.data[flat] ?? NaN);
  });
  return { dims: keep ? dims : dims.filter((_, i) => !axes.includes(i)), data };
}

function part(input: Array64, axis: number, start: number, length: number): Array64 {
  const dims = input.dims.map((dim, i) => (i === axis ? length : dim));
  const own = strides(input.dims);
  const data = new Float64Array(count(dims));
  each(dims, (index, flat) => {
    let at = start * (own[axis] ?? 1);
    for (const [i, stride] of own.entries()) at += (index[i] ?? 0) * stride;
    data[flat] = input.data[at] ?? NaN;
  });
  return { dims, data };
}

function joined(inputs: readonly Array64[], axis: number): Array64 {
  const [first] = inputs;
  const total = inputs.reduce((sum, input) => sum + (input.dims[axis] ?? 0), 0);
  const dims = (first?.dims ?? []).map((dim, i) => (i === axis ? total : dim));
  const to = strides(dims);
  const data = new Float64Array(count(dims));
  let start = 0;
  for (const input of inputs) {
    each(input.dims, (index, flat) => {
      let at = start * (to[axis] ?? 1);
      for (const [i, stride] of to.entries()) at += (index[i] ?? 0) * stride;
      data[at] = input.data[flat] ?? NaN;
    });
    start += input.dims[axis] ?? 0;
  }
  return { dims, data };
}

function padded(input: Array64, pads: readonly number[]): Array64 {
  const rank = input.dims.length;
  const dims = input.dims.map((dim, i) => dim + (pads[i] ?? 0) + (pads[i + rank] ?? 0));
  const to = strides(dims);
  const data = new Float64Array(count(dims));
  each(input.dims, (index, flat) => {
    let at = 0;
    for (const [i, stride] of to.entries()) at += ((index[i] ?? 0) + (pads[i] ?? 0)) * stride;
    data[at] = input.data[flat] ?? NaN;
  });
  return { dims, data };
}

/** Evaluates nodes in order; `given` holds inputs and constants by name. */
export function evaluate64(
  nodes: readonly GraphNode[],
  given: ReadonlyMap<string, Array64>,
): Map<string, Array64> {
  const values = new Map(given);
  for (const node of nodes) {
    if (node.outputs.every((name) => name === '' || values.has(name))) continue;
    const inputs = node.inputs.map((name) => (name === '' ? undefined : values.get(name)));
    if (inputs.some((input, i) => !input && node.inputs[i] !== '')) continue;
    const results = run(node, inputs);
    for (const [i, name] of node.outputs.entries()) {
      const result = results[i];
      if (result && name !== '') values.set(name, result);
    }
  }
  return values;
}

/** Constants as float64 arrays. */
export function constants64(constants: Iterable<Constant>): Map<string, Array64> {
  return new Map(
    [...constants].map((constant) => [constant.name, array64(constant.dims, toNumbers(constant))]),
  );
}

function number(attributes: Attributes, name: string, otherwise: number): number {
  const value = attributes[name];
  return typeof value === 'number' ? value : otherwise;
}

function numbers(attributes: Attributes, name: string): number[] | undefined {
  const value = attributes[name];
  return Array.isArray(value) ? value.map(Number) : undefined;
}

const unary: Readonly<Record<string, (x: number) => number>> = {
  Abs: Math.abs,
  Erf: erf,
  Exp: Math.exp,
  Identity: (x) => x,
  Neg: (x) => -x,
  Reciprocal: (x) => 1 / x,
  Relu: (x) => Math.max(0, x),
  Sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  Sqrt: Math.sqrt,
  Tanh: Math.tanh,
  Cast: (x) => x,
  Not: (x) => Number(x === 0),
};

const binary: Readonly<Record<string, (...values: number[]) => number>> = {
  Add: (a = 0, b = 0) => a + b,
  Sub: (a = 0, b = 0) => a - b,
  Mul: (a = 0, b = 0) => a * b,
  Div: (a = 0, b = 0) => a / b,
  Pow: (a = 0, b = 0) => a ** b,
  Equal: (a, b) => Number(a === b),
  Greater: (a = 0, b = 0) => Number(a > b),
  LessOrEqual: (a = 0, b = 0) => Number(a <= b),
  Max: (...values) => Math.max(...values),
  Where: (condition, a = 0, b = 0) => (condition ? a : b),
};

function run(node: GraphNode, inputs: readonly (Array64 | undefined)[]): Array64[] {
  const { op, attributes } = node;
  const present = inputs.filter((input) => input !== undefined);
  const [x, second, third] = inputs;
  if (!x) throw new Error(`${op} has no input`);
  const rank = x.dims.length;
  const list = (index: number, attribute: string) => {
    const input = inputs[index];
    return input ? Array.from(input.data) : numbers(attributes, attribute);
  };
  const one = unary[op];
  if (one) return [{ dims: x.dims, data: x.data.map(one) }];
  const two = binary[op];
  if (two) return [elementwise(present, two)];
  switch (op) {
    case 'Gelu':
    case 'com.microsoft.Gelu': {
      const tanh = attributes.approximate === 'tanh';
      const c = Math.sqrt(2 / Math.PI);
      return [
        {
          dims: x.dims,
          data: x.data.map((v) =>
            tanh
              ? 0.5 * v * (1 + Math.tanh(c * (v + 0.044715 * v ** 3)))
              : 0.5 * v * (1 + erf(v * Math.SQRT1_2)),
          ),
        },
      ];
    }
    case 'com.microsoft.QuickGelu': {
      const alpha = number(attributes, 'alpha', 1.702);
      return [{ dims: x.dims, data: x.data.map((v) => v / (1 + Math.exp(-alpha * v))) }];
    }
    case 'Softmax': {
      const axis = front(number(attributes, 'axis', -1), rank);
      const largest = reduced(x, [axis], true, -Infinity, Math.max);
      const exponentials = elementwise([x, largest], (a = 0, b = 0) => Math.exp(a - b));
      const total = reduced(exponentials, [axis], true, 0, (a, b) => a + b);
      return [elementwise([exponentials, total], (a = 0, b = 0) => a / b)];
    }
    case 'LayerNormalization': {
      const axis = front(number(attributes, 'axis', -1), rank);
      const axes = x.dims.flatMap((_, i) => (i < axis ? [] : [i]));
      const size = count(x.dims.slice(axis));
      const mean = elementwise(
        [reduced(x, axes, true, 0, (a, b) => a + b)],
        (sum = 0) => sum / size,
      );
      const centred = elementwise([x, mean], (a = 0, b = 0) => a - b);
      const variance = reduced(centred, axes, true, 0, (a, b) => a + b * b);
      const epsilon = number(attributes, 'epsilon', 1e-5);
      const inverse = elementwise([variance], (sum = 0) => 1 / Math.sqrt(sum / size + epsilon));
      const scaled = elementwise(
        [centred, inverse, ...(second ? [second] : [])],
        (a = 0, b = 0, c = 1) => a * b * c,
      );
      return [
        third ? elementwise([scaled, third], (a = 0, b = 0) => a + b) : scaled,
        mean,
        inverse,
      ];
    }
    case 'BatchNormalization': {
      const [, scale, shift, mean, variance] = inputs;
      const epsilon = number(attributes, 'epsilon', 1e-5);
      const data = x.data.map((value, i) => {
        const channel = Math.floor(i / count(x.dims.slice(2))) % (x.dims[1] ?? 1);
        const unit =
          (value - (mean?.data[channel] ?? 0)) /
          Math.sqrt((variance?.data[channel] ?? 1) + epsilon);
        return unit * (scale?.data[channel] ?? 1) + (shift?.data[channel] ?? 0);
      });
      return [{ dims: x.dims, data }];
    }
    case 'MatMul':
    case 'Gemm':
    case 'com.microsoft.FusedMatMul': {
      if (!second) throw new Error(`${op} has one operand`);
      const a = number(attributes, 'transA', 0) ? swapLast(x) : x;
      const b = number(attributes, 'transB', 0) ? swapLast(second) : second;
      const alpha = number(attributes, 'alpha', 1);
      const product = matmul(a, b);
      const scaled = { ...product, data: product.data.map((value) => alpha * value) };
      return [third ? elementwise([scaled, third], (p = 0, q = 0) => p + q) : scaled];
    }
    case 'Reshape': {
      const target = list(1, 'shape') ?? [];
      const known = target.map((dim, i) => (dim === 0 ? (x.dims[i] ?? 1) : dim));
      const rest = x.data.length / count(known.filter((dim) => dim !== -1));
      return [{ dims: known.map((dim) => (dim === -1 ? rest : dim)), data: x.data }];
    }
    case 'Flatten': {
      const axis = front(number(attributes, 'axis', 1), rank);
      return [{ dims: [count(x.dims.slice(0, axis)), count(x.dims.slice(axis))], data: x.data }];
    }
    case 'Squeeze': {
      const axes = list(1, 'axes')?.map((axis) => front(axis, rank));
      const dims = x.dims.filter((dim, i) => (axes ? !axes.includes(i) : dim !== 1));
      return [{ dims, data: x.data }];
    }
    case 'Unsqueeze': {
      const axes = list(1, 'axes') ?? [];
      const total = rank + axes.length;
      const rest = [...x.dims];
      const ones = axes.map((axis) => front(axis, total));
      const dims = Array.from({ length: total }, (_, i) =>
        ones.includes(i) ? 1 : (rest.shift() ?? 1),
      );
      return [{ dims, data: x.data }];
    }
    case 'Transpose':
      return [transposed(x, numbers(attributes, 'perm') ?? x.dims.map((_, i) => rank - 1 - i))];
    case 'Concat':
      return [joined(present, front(number(attributes, 'axis', 0), rank))];
    case 'Split': {
      const axis = front(number(attributes, 'axis', 0), rank);
      const total = x.dims[axis] ?? 0;
      const sizes =
        list(1, 'split') ?? node.outputs.map(() => Math.ceil(total / node.outputs.length));
      let start = 0;
      return sizes.map((size) => {
        const piece = part(x, axis, start, Math.min(size, total - start));
        start += size;
        return piece;
      });
    }
    case 'Slice': {
      const starts = list(1, 'starts') ?? [];
      const ends = list(2, 'ends') ?? [];
      const axes = list(3, 'axes') ?? starts.map((_, i) => i);
      const steps = list(4, 'steps') ?? starts.map(() => 1);
      return [
        axes.reduce((current, axisGiven, i) => {
          const axis = front(axisGiven, rank);
          const size = current.dims[axis] ?? 0;
          const bound = (value: number, low: number) =>
            Math.min(size, Math.max(low, value < 0 ? value + size : value));
          const step = steps[i] ?? 1;
          const rows: Array64[] = [];
          if (step > 0) {
            for (let row = bound(starts[i] ?? 0, 0); row < bound(ends[i] ?? size, 0); row += step)
              rows.push(part(current, axis, row, 1));
          } else {
            for (
              let row = Math.min(size - 1, bound(starts[i] ?? 0, 0));
              row > bound(ends[i] ?? 0, -1);
              row += step
            )
              rows.push(part(current, axis, row, 1));
          }
          return joined(rows, axis);
        }, x),
      ];
    }
    case 'Pad':
      return [padded(x, list(1, 'pads') ?? [])];
    case 'Gather': {
      const axis = front(number(attributes, 'axis', 0), rank);
      const size = x.dims[axis] ?? 1;
      const rows = Array.from(second?.data ?? [], (row) => front(row, size));
      const picked = joined(
        rows.map((row) => part(x, axis, row, 1)),
        axis,
      );
      return [
        {
          dims: [...x.dims.slice(0, axis), ...(second?.dims ?? []), ...x.dims.slice(axis + 1)],
          data: picked.data,
        },
      ];
    }
    case 'Expand': {
      const dims = broadcastDims([x.dims, list(1, 'shape') ?? []]);
      return [{ dims, data: stretched(x, dims) }];
    }
    case 'ReduceSum':
    case 'ReduceMean':
    case 'ReduceL2':
    case 'ReduceMax':
    case 'ReduceMin': {
      const given = list(1, 'axes');
      const axes = given?.length ? given.map((axis) => front(axis, rank)) : x.dims.map((_, i) => i);
      const keep = number(attributes, 'keepdims', 1) === 1;
      if (op === 'ReduceMax') return [reduced(x, axes, keep, -Infinity, Math.max)];
      if (op === 'ReduceMin') return [reduced(x, axes, keep, Infinity, Math.min)];
      const squared = op === 'ReduceL2';
      const sum = reduced(x, axes, keep, 0, (a, b) => a + (squared ? b * b : b));
      const size = axes.reduce((total, axis) => total * (x.dims[axis] ?? 1), 1);
      const finish = squared ? Math.sqrt : (v: number) => (op === 'ReduceMean' ? v / size : v);
      return [{ dims: sum.dims, data: sum.data.map(finish) }];
    }
    case 'Conv':
      return [convolution(x, second, third, windowOf(attributes))];
    case 'ConvTranspose':
      return [transposedConvolution(x, second, windowOf(attributes))];
    default:
      throw new Error(`the float64 evaluator has no ${op}`);
  }
}

interface Window {
  readonly strides: readonly number[];
  readonly pads: readonly number[];
  readonly dilations: readonly number[];
  readonly group: number;
}

function windowOf(attributes: GraphNode['attributes']): Window {
  return {
    strides: numbers(attributes, 'strides') ?? [1, 1],
    pads: numbers(attributes, 'pads') ?? [0, 0, 0, 0],
    dilations: numbers(attributes, 'dilations') ?? [1, 1],
    group: number(attributes, 'group', 1),
  };
}

function convolution(
  x: Array64,
  weight: Array64 | undefined,
  bias: Array64 | undefined,
  { strides, pads, dilations, group }: Window,
): Array64 {
  if (!weight) throw new Error('a convolution needs a kernel');
  const [, , height = 1, width = 1] = x.dims;
  const [out = 1, inGroup = 1, kh = 1, kw = 1] = weight.dims;
  const [sh = 1, sw = 1] = strides;
  const [top = 0, left = 0, bottom = 0, right = 0] = pads;
  const [dh = 1, dw = 1] = dilations;
  const rows = Math.floor((height + top + bottom - (kh - 1) * dh - 1) / sh) + 1;
  const columns = Math.floor((width + left + right - (kw - 1) * dw - 1) / sw) + 1;
  const data = new Float64Array(out * rows * columns);
  each([out, rows, columns], ([o = 0, r = 0, c = 0], flat) => {
    let sum = bias?.data[o] ?? 0;
    const first = Math.floor((o * group) / out) * inGroup;
    each([inGroup, kh, kw], ([ch = 0, i = 0, j = 0]) => {
      const [row, column] = [r * sh + i * dh - top, c * sw + j * dw - left];
      if (row < 0 || row >= height || column < 0 || column >= width) return;
      const pixel = x.data[((first + ch) * height + row) * width + column] ?? NaN;
      sum += pixel * (weight.data[((o * inGroup + ch) * kh + i) * kw + j] ?? NaN);
    });
    data[flat] = sum;
  });
  return { dims: [1, out, rows, columns], data };
}

/** Without padding: the engine crops by itself. */
function transposedConvolution(
  x: Array64,
  weight: Array64 | undefined,
  { strides, dilations, group }: Window,
): Array64 {
  if (!weight) throw new Error('a convolution needs a kernel');
  const [batch = 1, channels = 1, rows = 1, columns = 1] = x.dims;
  const [, inGroup = 1, kh = 1, kw = 1] = weight.dims;
  const [sh = 1, sw = 1] = strides;
  const [dh = 1, dw = 1] = dilations;
  const out = inGroup * group;
  const height = (rows - 1) * sh + (kh - 1) * dh + 1;
  const width = (columns - 1) * sw + (kw - 1) * dw + 1;
  const data = new Float64Array(batch * out * height * width);
  each([batch, channels, rows, columns], ([b = 0, ch = 0, r = 0, c = 0], flat) => {
    const value = x.data[flat] ?? NaN;
    const first = Math.floor((ch * group) / channels) * inGroup;
    each([inGroup, kh, kw], ([o = 0, i = 0, j = 0]) => {
      const at = ((b * out + first + o) * height + r * sh + i * dh) * width + c * sw + j * dw;
      const kernel = weight.data[((ch * inGroup + o) * kh + i) * kw + j] ?? NaN;
      data[at] = (data[at] ?? 0) + value * kernel;
    });
  });
  return { dims: [batch, out, height, width], data };
}
