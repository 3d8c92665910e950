/** Static shapes of a node's outputs, from the shapes of its inputs. */
import { EngineError } from '../engine-error';
import { parseEinsum } from './einsum-equation';
import type { AttributeValue } from './graph';
import { sizeOf } from './tensor-bytes';

type Dims = readonly number[];

/** What a shape rule may look at. */
export interface ShapeQuery {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  readonly outputCount: number;
  /** For messages; new nodes have none. */
  readonly nodeName?: string;
  /** Shape of a tensor that exists already. */
  shape(name: string): Dims | undefined;
  /** Values of a small integer constant, or undefined if the tensor is computed. */
  ints(name: string): readonly number[] | undefined;
  /** Values of a small float constant, or undefined if the tensor is computed. */
  floats(name: string): readonly number[] | undefined;
}

type ShapeRule = (query: ShapeQuery) => Dims[];

/** True if the engine knows the shape of what this operator makes. */
export function hasShapeRule(op: string): boolean {
  return rules.has(op);
}

/**
 * Shapes of a node's outputs.
 * @throws EngineError `model-unknown-op` if there is no rule for the operator or the shape depends on
 * computed values; `model-unreadable` if the operands do not fit each other.
 */
export function inferShapes(query: ShapeQuery): Dims[] {
  const rule = rules.get(query.op);
  if (!rule) throw unknown(query, 'this operator is not known');
  return rule(query);
}

/** The shape that NumPy-like broadcasting of several shapes gives, or undefined if they do not fit. */
export function broadcast(...shapes: readonly Dims[]): Dims | undefined {
  const rank = Math.max(0, ...shapes.map((shape) => shape.length));
  const result = new Array<number>(rank).fill(1);
  for (const shape of shapes) {
    for (const [i, dim] of shape.entries()) {
      const axis = rank - shape.length + i;
      if (dim === 1) continue;
      if (result[axis] !== 1 && result[axis] !== dim) return undefined;
      result[axis] = dim;
    }
  }
  return result;
}

/** An axis counted from the front. */
export function positiveAxis(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}

/** The operands do not fit: the model is damaged, or was given a size that it cannot take. */
function mismatch(query: ShapeQuery, why: string): EngineError {
  return new EngineError(
    'model-unreadable',
    `The parts of the model do not fit each other at ${inWords(query)}: ${why}.`,
    'Check the input size; if the model has one size only, leave it as it is.',
  );
}

/** The shape is not known before the model runs, or not at all. */
function unknown(query: ShapeQuery, why: string): EngineError {
  return new EngineError(
    'model-unknown-op',
    `The model uses ${inWords(query)}, which cannot be explained: ${why}.`,
    'Choose a Vision Transformer image classifier, or export it with another exporter or opset.',
  );
}

function inWords(query: ShapeQuery): string {
  const shapes = query.inputs.map((name) => {
    const dims = query.shape(name);
    if (dims) return `[${dims.join(', ')}]`;
    return name === '' ? '(none)' : '(unknown)';
  });
  const place = query.nodeName ? ` (“${query.nodeName}”)` : '';
  return `${query.op}(${shapes.join(', ')})${place}`;
}

function input(query: ShapeQuery, index: number): Dims {
  const name = query.inputs[index];
  if (name === undefined || name === '') throw mismatch(query, `input ${index} is missing`);
  const dims = query.shape(name);
  if (!dims) throw unknown(query, `its input ${index} has no known shape`);
  return dims;
}

/** Integers from an input, or from an attribute of the same meaning in older opsets. */
function intsAt(
  query: ShapeQuery,
  index: number,
  attribute?: string,
): readonly number[] | undefined {
  const name = query.inputs[index];
  if (name !== undefined && name !== '') {
    const values = query.ints(name);
    if (!values) throw unknown(query, `its input ${index} depends on the picture`);
    return values;
  }
  return attribute === undefined ? undefined : intsAttribute(query, attribute);
}

function intsAttribute(query: ShapeQuery, name: string): readonly number[] | undefined {
  const value = query.attributes[name];
  return Array.isArray(value) ? value.map(Number) : undefined;
}

function intAttribute(query: ShapeQuery, name: string, otherwise: number): number {
  const value = query.attributes[name];
  return typeof value === 'number' ? value : otherwise;
}

const same: ShapeRule = (query) => [input(query, 0)];

const elementwise: ShapeRule = (query) => {
  const shape = broadcast(...query.inputs.map((_, i) => input(query, i)));
  if (!shape) throw mismatch(query, 'the operands do not broadcast');
  return [shape];
};

function matmulShape(query: ShapeQuery, a: Dims, b: Dims): Dims {
  const left = a.length === 1 ? [1, ...a] : a;
  const right = b.length === 1 ? [...b, 1] : b;
  const batch = broadcast(left.slice(0, -2), right.slice(0, -2));
  if (!batch || left.at(-1) !== right.at(-2)) throw mismatch(query, 'the operands do not fit');
  const rows = a.length === 1 ? [] : left.slice(-2, -1);
  const columns = b.length === 1 ? [] : right.slice(-1);
  return [...batch, ...rows, ...columns];
}

function swapLast(dims: Dims): Dims {
  return dims.length < 2 ? dims : [...dims.slice(0, -2), ...dims.slice(-1), ...dims.slice(-2, -1)];
}

/** `transBatch` of com.microsoft.FusedMatMul moves the first axis behind all other batch axes. */
function batchTransposed(dims: Dims): Dims {
  return [...dims.slice(1, -1), ...dims.slice(0, 1), ...dims.slice(-1)];
}

function fusedOperand(query: ShapeQuery, index: number, side: 'A' | 'B'): Dims {
  const dims = input(query, index);
  const moved = intAttribute(query, `transBatch${side}`, 0) ? batchTransposed(dims) : dims;
  return intAttribute(query, `trans${side}`, 0) ? swapLast(moved) : moved;
}

const reshape: ShapeRule = (query) => {
  const dims = input(query, 0);
  const target = intsAt(query, 1, 'shape');
  if (!target) throw mismatch(query, 'the new shape is missing');
  const allowZero = intAttribute(query, 'allowzero', 0) === 1;
  const known = target.map((dim, i) => (dim === 0 && !allowZero ? (dims[i] ?? 1) : dim));
  const rest = sizeOf(known.filter((dim) => dim !== -1));
  const shape = known.map((dim) => (dim === -1 ? sizeOf(dims) / rest : dim));
  if (sizeOf(shape) !== sizeOf(dims))
    throw mismatch(query, `it cannot become [${target.join(', ')}]`);
  return [shape];
};

const transpose: ShapeRule = (query) => {
  const dims = input(query, 0);
  const order = intsAttribute(query, 'perm') ?? dims.map((_, i) => dims.length - 1 - i);
  return [order.map((axis) => dims[axis] ?? 1)];
};

const reduce: ShapeRule = (query) => {
  const dims = input(query, 0);
  const given = intsAt(query, 1, 'axes');
  const none = given === undefined || given.length === 0;
  if (none && intAttribute(query, 'noop_with_empty_axes', 0)) return [dims];
  const axes = none ? dims.map((_, i) => i) : given.map((axis) => positiveAxis(axis, dims.length));
  return [dropped(dims, axes, intAttribute(query, 'keepdims', 1) === 1)];
};

const argReduce: ShapeRule = (query) => {
  const dims = input(query, 0);
  const axis = positiveAxis(intAttribute(query, 'axis', 0), dims.length);
  return [dropped(dims, [axis], intAttribute(query, 'keepdims', 1) === 1)];
};

function dropped(dims: Dims, axes: Dims, keep: boolean): Dims {
  if (keep) return dims.map((dim, i) => (axes.includes(i) ? 1 : dim));
  return dims.filter((_, i) => !axes.includes(i));
}

const concat: ShapeRule = (query) => {
  const first = input(query, 0);
  const axis = positiveAxis(intAttribute(query, 'axis', 0), first.length);
  let total = 0;
  for (const [i] of query.inputs.entries()) {
    const dims = input(query, i);
    if (dims.length !== first.length || dims.some((dim, a) => a !== axis && dim !== first[a]))
      throw mismatch(query, 'the parts do not fit side by side');
    total += dims[axis] ?? 0;
  }
  return [first.map((dim, i) => (i === axis ? total : dim))];
};

const split: ShapeRule = (query) => {
  const dims = input(query, 0);
  const axis = positiveAxis(intAttribute(query, 'axis', 0), dims.length);
  const total = dims[axis] ?? 0;
  const part = Math.ceil(total / query.outputCount);
  const sizes =
    intsAt(query, 1, 'split') ??
    Array.from({ length: query.outputCount }, (_, i) => Math.min(part, total - i * part));
  return sizes.map((size) => dims.map((dim, i) => (i === axis ? size : dim)));
};

const slice: ShapeRule = (query) => {
  const dims = [...input(query, 0)];
  const starts = intsAt(query, 1, 'starts') ?? [];
  const ends = intsAt(query, 2, 'ends') ?? [];
  const axes = intsAt(query, 3, 'axes') ?? starts.map((_, i) => i);
  const steps = intsAt(query, 4) ?? starts.map(() => 1);
  for (const [i, axisGiven] of axes.entries()) {
    const axis = positiveAxis(axisGiven, dims.length);
    const range = sliceRange(dims[axis] ?? 0, starts[i] ?? 0, ends[i] ?? 0, steps[i] ?? 1);
    dims[axis] = range.length;
  }
  return [dims];
};

/** The rows that Slice takes of an axis, in order. */
export function sliceRange(size: number, start: number, end: number, step: number): number[] {
  const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));
  const from = start < 0 ? start + size : start;
  const to = end < 0 ? end + size : end;
  const first = step > 0 ? clamp(from, 0, size) : clamp(from, 0, size - 1);
  const last = step > 0 ? clamp(to, 0, size) : clamp(to, -1, size - 1);
  const rows: number[] = [];
  for (let row = first; step > 0 ? row < last : row > last; row += step) rows.push(row);
  return rows;
}

const unsqueeze: ShapeRule = (query) => {
  const dims = input(query, 0);
  const given = intsAt(query, 1, 'axes') ?? [];
  const rank = dims.length + given.length;
  const axes = given.map((axis) => positiveAxis(axis, rank));
  const rest = [...dims];
  return [Array.from({ length: rank }, (_, i) => (axes.includes(i) ? 1 : (rest.shift() ?? 1)))];
};

const squeeze: ShapeRule = (query) => {
  const dims = input(query, 0);
  const given = intsAt(query, 1, 'axes');
  if (!given) return [dims.filter((dim) => dim !== 1)];
  const axes = given.map((axis) => positiveAxis(axis, dims.length));
  return [dims.filter((_, i) => !axes.includes(i))];
};

const gather: ShapeRule = (query) => {
  const dims = input(query, 0);
  const axis = positiveAxis(intAttribute(query, 'axis', 0), dims.length);
  return [[...dims.slice(0, axis), ...input(query, 1), ...dims.slice(axis + 1)]];
};

const gatherNd: ShapeRule = (query) => {
  const dims = input(query, 0);
  const indices = input(query, 1);
  const batch = intAttribute(query, 'batch_dims', 0);
  return [[...indices.slice(0, -1), ...dims.slice(batch + (indices.at(-1) ?? 0))]];
};

const expand: ShapeRule = (query) => {
  const shape = broadcast(input(query, 0), intsAt(query, 1) ?? []);
  if (!shape) throw mismatch(query, 'the shapes do not broadcast');
  return [shape];
};

const tile: ShapeRule = (query) => {
  const repeats = intsAt(query, 1) ?? [];
  return [input(query, 0).map((dim, i) => dim * (repeats[i] ?? 1))];
};

const pad: ShapeRule = (query) => {
  const dims = input(query, 0);
  const pads = intsAt(query, 1, 'pads') ?? [];
  const axes =
    intsAt(query, 3)?.map((axis) => positiveAxis(axis, dims.length)) ?? dims.map((_, i) => i);
  const padded = [...dims];
  for (const [i, axis] of axes.entries())
    padded[axis] = (padded[axis] ?? 0) + (pads[i] ?? 0) + (pads[i + axes.length] ?? 0);
  return [padded];
};

function spatial(query: ShapeQuery): { kernel: Dims; strides: Dims; pads: Dims; dilations: Dims } {
  const kernel = intsAttribute(query, 'kernel_shape') ?? input(query, 1).slice(2);
  const ones = kernel.map(() => 1);
  return {
    kernel,
    strides: intsAttribute(query, 'strides') ?? ones,
    pads: intsAttribute(query, 'pads') ?? [...kernel, ...kernel].map(() => 0),
    dilations: intsAttribute(query, 'dilations') ?? ones,
  };
}

function windows(query: ShapeQuery): Dims {
  const { kernel, strides, pads, dilations } = spatial(query);
  const automatic = query.attributes.auto_pad;
  const ceil = intAttribute(query, 'ceil_mode', 0) === 1;
  return kernel.map((size, i) => {
    const total = input(query, 0)[i + 2] ?? 0;
    const stride = strides[i] ?? 1;
    if (automatic === 'SAME_UPPER' || automatic === 'SAME_LOWER') return Math.ceil(total / stride);
    const padded = total + (pads[i] ?? 0) + (pads[i + kernel.length] ?? 0);
    const steps = (padded - (dilations[i] ?? 1) * (size - 1) - 1) / stride;
    return (ceil ? Math.ceil(steps) : Math.floor(steps)) + 1;
  });
}

const conv: ShapeRule = (query) => [
  [input(query, 0)[0] ?? 1, input(query, 1)[0] ?? 1, ...windows(query)],
];

const pool: ShapeRule = (query) => [[...input(query, 0).slice(0, 2), ...windows(query)]];

const convTranspose: ShapeRule = (query) => {
  const { kernel, strides, pads, dilations } = spatial(query);
  const dims = input(query, 0);
  const channels = (input(query, 1)[1] ?? 1) * intAttribute(query, 'group', 1);
  const extra = intsAttribute(query, 'output_padding') ?? kernel.map(() => 0);
  const sizes =
    intsAttribute(query, 'output_shape') ??
    kernel.map(
      (size, i) =>
        (strides[i] ?? 1) * ((dims[i + 2] ?? 1) - 1) +
        (extra[i] ?? 0) +
        ((size - 1) * (dilations[i] ?? 1) + 1) -
        (pads[i] ?? 0) -
        (pads[i + kernel.length] ?? 0),
    );
  return [[dims[0] ?? 1, channels, ...sizes]];
};

const flatten: ShapeRule = (query) => {
  const dims = input(query, 0);
  const axis = positiveAxis(intAttribute(query, 'axis', 1), dims.length);
  return [[sizeOf(dims.slice(0, axis)), sizeOf(dims.slice(axis))]];
};

const topK: ShapeRule = (query) => {
  const dims = input(query, 0);
  const axis = positiveAxis(intAttribute(query, 'axis', -1), dims.length);
  const k = intsAt(query, 1)?.[0] ?? 1;
  const shape = dims.map((dim, i) => (i === axis ? k : dim));
  return [shape, shape];
};

const oneHot: ShapeRule = (query) => {
  const dims = input(query, 0);
  const depth = intsAt(query, 1)?.[0] ?? 0;
  const axis = positiveAxis(intAttribute(query, 'axis', -1), dims.length + 1);
  return [[...dims.slice(0, axis), depth, ...dims.slice(axis)]];
};

const layerNorm: ShapeRule = (query) => {
  const dims = input(query, 0);
  const axis = positiveAxis(intAttribute(query, 'axis', -1), dims.length);
  const statistics = dims.map((dim, i) => (i < axis ? dim : 1));
  return [dims, statistics, statistics].slice(0, query.outputCount);
};

const gemm: ShapeRule = (query) => {
  const a = intAttribute(query, 'transA', 0) ? swapLast(input(query, 0)) : input(query, 0);
  const b = intAttribute(query, 'transB', 0) ? swapLast(input(query, 1)) : input(query, 1);
  return [matmulShape(query, a, b)];
};

const einsum: ShapeRule = (query) => {
  const { equation } = query.attributes;
  const shapes = query.inputs.map((_, i) => input(query, i));
  const ranks = shapes.map((dims) => dims.length);
  const parsed = typeof equation === 'string' ? parseEinsum(equation, ranks) : undefined;
  if (!parsed) throw unknown(query, 'its equation is not explicit');
  const sizes = new Map<string, number>();
  for (const [i, term] of parsed.operands.entries()) {
    for (const [axis, letter] of Array.from(term).entries())
      sizes.set(letter, Math.max(sizes.get(letter) ?? 1, shapes[i]?.[axis] ?? 1));
  }
  return [Array.from(parsed.result).map((letter) => sizes.get(letter) ?? 1)];
};

/** Queries and values `[B, T, H·d]` or `[B, H, T, d]`. */
const attention: ShapeRule = (query) => {
  const queries = input(query, 0);
  const values = input(query, 2);
  const heads = intAttribute(query, 'q_num_heads', 1);
  const valueHeads = intAttribute(query, 'kv_num_heads', heads);
  const width = (values.at(-1) ?? 0) * (queries.length === 3 ? heads / valueHeads : 1);
  return [[...queries.slice(0, -1), width]];
};

/** Tokens `[B, T, D]` and a weight of queries, keys and values `[D, 3·D']`. */
const packedAttention: ShapeRule = (query) => {
  const [batch = 1, tokens = 1] = input(query, 0);
  return [[batch, tokens, (input(query, 1)[1] ?? 0) / 3]];
};

const multiHeadAttention: ShapeRule = (query) => {
  const [batch = 1, tokens = 1] = input(query, 0);
  return [[batch, tokens, input(query, 2).at(-1) ?? 0]];
};

/** The norm, its mean and deviation (never read), and the sum that is normalised. */
const skipLayerNorm: ShapeRule = (query) => {
  const dims = input(query, 0);
  const statistics = dims.map((dim, i) => (i === dims.length - 1 ? 1 : dim));
  return [dims, statistics, statistics, dims].slice(0, query.outputCount);
};

const range: ShapeRule = (query) => {
  const [start, limit, delta] = [
    intsAt(query, 0)?.[0],
    intsAt(query, 1)?.[0],
    intsAt(query, 2)?.[0],
  ];
  if (start === undefined || limit === undefined || delta === undefined)
    throw unknown(query, 'the range depends on the picture');
  return [[Math.max(0, Math.ceil((limit - start) / delta))]];
};

const resize: ShapeRule = (query) => {
  const dims = input(query, 0);
  const axes = intsAttribute(query, 'axes')?.map((axis) => positiveAxis(axis, dims.length));
  const along = (values: readonly number[], i: number) => values[axes ? axes.indexOf(i) : i];
  const sizes = intsAt(query, 3);
  if (sizes && sizes.length > 0) return [dims.map((dim, i) => along(sizes, i) ?? dim)];
  if (query.attributes.coordinate_transformation_mode === 'tf_crop_and_resize')
    throw unknown(query, 'it cuts out a part and resizes that by a factor');
  // Opset 10 has no region between the values and the factors.
  const factors = query.floats(query.inputs[query.inputs.length === 2 ? 1 : 2] ?? '');
  if (!factors) throw unknown(query, 'its new size depends on the picture');
  // In single precision, as runtimes compute it.
  return [dims.map((dim, i) => Math.floor(Math.fround(dim * (along(factors, i) ?? 1))))];
};

const rules: ReadonlyMap<string, ShapeRule> = new Map<string, ShapeRule>([
  ...[
    'Abs',
    'BatchNormalization',
    'Cast',
    'Ceil',
    'Celu',
    'Clip',
    'CumSum',
    'Dropout',
    'Elu',
    'Erf',
    'Exp',
    'Floor',
    'Gelu',
    'HardSigmoid',
    'HardSwish',
    'Identity',
    'InstanceNormalization',
    'IsInf',
    'IsNaN',
    'LeakyRelu',
    'Log',
    'LogSoftmax',
    'LpNormalization',
    'Mish',
    'Neg',
    'Not',
    'RMSNormalization',
    'Reciprocal',
    'Relu',
    'Round',
    'ScatterElements',
    'ScatterND',
    'Sigmoid',
    'Sign',
    'Softmax',
    'Softplus',
    'Sqrt',
    'Tanh',
    'Trilu',
    'com.microsoft.BiasGelu',
    'com.microsoft.FastGelu',
    'com.microsoft.Gelu',
    'com.microsoft.QuickGelu',
    'SimplifiedLayerNormalization',
  ].map((op): [string, ShapeRule] => [op, same]),
  ...[
    'Add',
    'And',
    'Div',
    'Equal',
    'Greater',
    'GreaterOrEqual',
    'Less',
    'LessOrEqual',
    'Max',
    'Mean',
    'Min',
    'Mod',
    'Mul',
    'Or',
    'PRelu',
    'Pow',
    'Sub',
    'Sum',
    'Where',
    'Xor',
  ].map((op): [string, ShapeRule] => [op, elementwise]),
  ...[
    'ReduceL1',
    'ReduceL2',
    'ReduceLogSumExp',
    'ReduceMax',
    'ReduceMean',
    'ReduceMin',
    'ReduceProd',
    'ReduceSum',
    'ReduceSumSquare',
  ].map((op): [string, ShapeRule] => [op, reduce]),
  ['ArgMax', argReduce],
  ['ArgMin', argReduce],
  ['Attention', attention],
  ['AveragePool', pool],
  ['Concat', concat],
  ['ConstantOfShape', (query) => [intsAt(query, 0) ?? []]],
  ['Conv', conv],
  ['ConvTranspose', convTranspose],
  ['Einsum', einsum],
  ['Expand', expand],
  ['Flatten', flatten],
  ['Gather', gather],
  ['GatherElements', (query) => [input(query, 1)]],
  ['GatherND', gatherNd],
  ['Gemm', gemm],
  ['GlobalAveragePool', (query) => [input(query, 0).map((dim, i) => (i < 2 ? dim : 1))]],
  ['LayerNormalization', layerNorm],
  ['MatMul', (query) => [matmulShape(query, input(query, 0), input(query, 1))]],
  ['MaxPool', pool],
  ['OneHot', oneHot],
  ['Pad', pad],
  ['Range', range],
  ['Reshape', reshape],
  ['Resize', resize],
  ['Shape', (query) => [[input(query, 0).length]]],
  ['Slice', slice],
  ['Split', split],
  ['Squeeze', squeeze],
  ['Tile', tile],
  ['TopK', topK],
  ['Transpose', transpose],
  ['Unsqueeze', unsqueeze],
  ['com.microsoft.Attention', packedAttention],
  ['com.microsoft.MultiHeadAttention', multiHeadAttention],
  ['com.microsoft.SkipLayerNormalization', skipLayerNorm],
  [
    'com.microsoft.FusedMatMul',
    (query) => [matmulShape(query, fusedOperand(query, 0, 'A'), fusedOperand(query, 1, 'B'))],
  ],
]);
