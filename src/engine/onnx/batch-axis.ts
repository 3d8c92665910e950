/** Where the pictures of a batch stand in a tensor, through one node. */
import { parseEinsum } from './einsum-equation';
import type { GraphNode } from './graph';
import { positiveAxis } from '../ops/axes';
import { sizeOf } from './tensor-bytes';

/**
 * An axis that runs over the pictures of a batch, maybe over something else too: the picture changes every
 * `inner` places.
 */
export interface BatchAxis {
  readonly axis: number;
  readonly inner: number;
}

/** What is known around a node. */
export interface Surroundings {
  readonly batch: number;
  readonly shape: (tensor: string) => readonly number[];
  readonly axisOf: (tensor: string) => BatchAxis | undefined;
  readonly numbers: (tensor: string | undefined) => readonly number[] | undefined;
}

/**
 * Where the pictures stand in the outputs of a node that reads at least one batched tensor.
 * @returns undefined if the node mixes pictures, or is not known
 */
export function batchAxisBehind(node: GraphNode, around: Surroundings): BatchAxis | undefined {
  const { shape, axisOf, numbers } = around;
  const [data = ''] = node.inputs;
  const from = axisOf(data);
  const dims = shape(data);
  const to = shape(node.outputs[0] ?? '');
  const given = node.attributes.axis;
  const own = (otherwise: number) =>
    positiveAxis(typeof given === 'number' ? given : otherwise, dims.length);
  const beside = (axis: number) => (from && from.axis !== axis ? from : undefined);
  switch (node.op) {
    case 'Reshape':
    case 'Flatten':
    case 'Squeeze':
    case 'Unsqueeze':
      return from && reshaped(dims, to, from, around.batch);
    case 'Transpose': {
      const order = node.attributes.perm;
      const perm = Array.isArray(order)
        ? order.map(Number)
        : dims.map((_, i) => dims.length - 1 - i);
      return from && { ...from, axis: perm.indexOf(from.axis) };
    }
    case 'Concat': {
      const agreed = aligned(node, around, to.length);
      const axis = positiveAxis(typeof given === 'number' ? given : 0, to.length);
      return agreed?.axis === axis ? undefined : agreed;
    }
    case 'Split':
    case 'TopK':
      return beside(own(node.op === 'TopK' ? -1 : 0));
    case 'Slice': {
      const axes = numbers(node.inputs[3]) ?? numbers(node.inputs[1])?.map((_, i) => i);
      const cut = axes?.map((axis) => positiveAxis(axis, dims.length));
      return from && cut && !cut.includes(from.axis) ? from : undefined;
    }
    case 'Gather': {
      const axis = own(0);
      if (!from || from.axis === axis) return undefined;
      const shift = from.axis > axis ? to.length - dims.length : 0;
      return { ...from, axis: from.axis + shift };
    }
    case 'MatMul':
    case 'com.microsoft.FusedMatMul':
      return multiplied(node, around, to.length);
    case 'Gemm':
      return from?.axis === (node.attributes.transA ? 1 : 0) ? { ...from, axis: 0 } : undefined;
    case 'Einsum':
      return summed(node, around);
    case 'Softmax':
    case 'LogSoftmax':
    case 'LayerNormalization':
    case 'LpNormalization':
    case 'SimplifiedLayerNormalization':
    case 'RMSNormalization':
      return from && from.axis < own(-1) ? from : undefined;
    case 'ArgMax':
    case 'ArgMin':
      return behindReduction(node, from, [own(0)]);
    default:
      if (node.op.startsWith('Reduce'))
        return behindReduction(node, from, reducedAxes(node, around, dims));
      return byPicture.has(node.op) ? from : aligned(node, around, to.length);
  }
}

/** Operators that treat the first axis as that of the pictures. */
const byPicture: ReadonlySet<string> = new Set([
  'Attention',
  'AveragePool',
  'BatchNormalization',
  'Conv',
  'GlobalAveragePool',
  'InstanceNormalization',
  'MaxPool',
  'Pad',
  'Resize',
  'com.microsoft.Attention',
  'com.microsoft.MultiHeadAttention',
]);

/** The pictures are every `stride`-th element of the flat tensor, before and behind. */
function reshaped(
  from: readonly number[],
  to: readonly number[],
  { axis, inner }: BatchAxis,
  batch: number,
): BatchAxis | undefined {
  const stride = sizeOf(from.slice(axis + 1)) * inner;
  for (const [i, dim] of to.entries()) {
    const after = sizeOf(to.slice(i + 1));
    const places = stride / after;
    if (Number.isInteger(places) && dim % (places * batch) === 0) return { axis: i, inner: places };
  }
  return undefined;
}

/** The axis on which all batched operands agree, counted in a result of some rank. */
function aligned(
  node: GraphNode,
  { axisOf, shape }: Surroundings,
  rank: number,
): BatchAxis | undefined {
  const axes = node.inputs.flatMap((input) => {
    const known = axisOf(input);
    return known ? [{ ...known, axis: known.axis + rank - shape(input).length }] : [];
  });
  const [first, ...others] = axes;
  const agree = others.every(({ axis, inner }) => axis === first?.axis && inner === first.inner);
  return agree ? first : undefined;
}

/** Rows of a product are rows of its left side; other axes than the last two are shared. */
function multiplied(
  node: GraphNode,
  { axisOf, shape }: Surroundings,
  rank: number,
): BatchAxis | undefined {
  const { transA, transB, transBatchA, transBatchB } = node.attributes;
  const side = (input: string | undefined, turned: unknown, batchTurned: unknown) => {
    const known = axisOf(input ?? '');
    if (!known) return undefined;
    const size = shape(input ?? '').length;
    let { axis } = known;
    // `transBatch` moves the first axis behind all others but the last.
    if (batchTurned && axis < size - 1) axis = axis === 0 ? size - 2 : axis - 1;
    if (turned && axis >= size - 2) axis = 2 * size - 3 - axis;
    return { ...known, axis: axis + rank - size };
  };
  const left = side(node.inputs[0], transA, transBatchA);
  const right = side(node.inputs[1], transB, transBatchB);
  if (left?.axis === rank - 1) return undefined;
  if (right && right.axis >= rank - 2) return undefined;
  if (left && right && (left.axis !== right.axis || left.inner !== right.inner)) return undefined;
  return left ?? right;
}

function summed(node: GraphNode, { axisOf, shape }: Surroundings): BatchAxis | undefined {
  const { equation } = node.attributes;
  const ranks = node.inputs.map((input) => shape(input).length);
  const parsed = typeof equation === 'string' ? parseEinsum(equation, ranks) : undefined;
  if (!parsed) return undefined;
  const found = node.inputs.flatMap((input, i) => {
    const known = axisOf(input);
    const letter = known && parsed.operands[i]?.[known.axis];
    return known ? [{ axis: parsed.result.indexOf(letter ?? ' '), inner: known.inner }] : [];
  });
  const [first, ...others] = found;
  if (!first || first.axis === -1) return undefined;
  return others.every(({ axis, inner }) => axis === first.axis && inner === first.inner)
    ? first
    : undefined;
}

function reducedAxes(
  node: GraphNode,
  { numbers }: Surroundings,
  dims: readonly number[],
): readonly number[] {
  const { axes } = node.attributes;
  const given = numbers(node.inputs[1]) ?? (Array.isArray(axes) ? axes.map(Number) : undefined);
  return given?.map((axis) => positiveAxis(axis, dims.length)) ?? dims.map((_, i) => i);
}

function behindReduction(
  node: GraphNode,
  from: BatchAxis | undefined,
  axes: readonly number[],
): BatchAxis | undefined {
  if (!from || axes.includes(from.axis)) return undefined;
  if (node.attributes.keepdims !== 0) return from;
  return { ...from, axis: from.axis - axes.filter((axis) => axis < from.axis).length };
}
