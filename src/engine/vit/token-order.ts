/** Whether the tokens keep their places from block to block, and attention is between tokens. */
import type { GraphNode } from '../onnx/graph';
import type { GraphView } from '../onnx/graph-view';
import { positiveAxis, sliceRange } from '../ops/axes';
import { sizeOf } from '../onnx/tensor-bytes';
import { notAVit } from './not-a-vit';
import type { Block } from './structure';

/** The axis of a tensor that has one slice for each token, and which token stands where (-1: another one). */
export interface Order {
  readonly axis: number;
  readonly tokens: readonly number[];
}

/**
 * The tokens of a stream `[1, T, D]` in every tensor in which they can be followed.
 * @param stream input of the first block
 */
export function followTokens(view: GraphView, stream: string): ReadonlyMap<string, Order> {
  const count = view.shape(stream)[1] ?? 0;
  const start = { axis: 1, tokens: Array.from({ length: count }, (_, i) => i) };
  const orders = new Map<string, Order>([[stream, start]]);
  for (const node of view.graph.nodes) {
    if (!node.inputs.some((input) => orders.has(input))) continue;
    for (const [i, output] of node.outputs.entries()) {
      const order = followed(view, node, i, orders);
      if (order && view.shape(output)[order.axis] === order.tokens.length)
        orders.set(output, order);
    }
  }
  return orders;
}

/**
 * Checks the tokens from the first block through all of them. What cannot be followed (a convolution
 * over the grid inside a block) is left unchecked.
 * @throws EngineError `model-not-a-vit` if tokens change places between blocks, or if an attention weighs
 * channels instead of tokens.
 */
export function requireTokensInPlace(
  view: GraphView,
  blocks: readonly Block[],
  orders: ReadonlyMap<string, Order>,
): void {
  for (const { context, attention } of blocks) {
    const order = orders.get(context);
    if (order && order.axis !== view.shape(context).length - 2)
      throw notAVit(`the attention “${attention}” weighs channels, not tokens.`);
  }
  for (const stream of blocks.flatMap((block) => [block.input, block.output])) {
    const order = orders.get(stream);
    if (!order) continue;
    if (order.axis !== 1 || order.tokens.some((token, i) => token !== -1 && token !== i))
      throw notAVit(`its tokens change places between two blocks (before “${stream}”).`);
  }
}

function followed(
  view: GraphView,
  node: GraphNode,
  output: number,
  orders: ReadonlyMap<string, Order>,
): Order | undefined {
  const [data = ''] = node.inputs;
  const order = orders.get(data);
  const dims = view.shape(data);
  const to = view.shape(node.outputs[output] ?? '');
  const given = node.attributes.axis;
  const axisOf = (otherwise: number) =>
    positiveAxis(typeof given === 'number' ? given : otherwise, to.length);
  switch (node.op) {
    case 'MatMul':
    case 'Gemm':
    case 'com.microsoft.FusedMatMul':
      return multiplied(view, node, orders, to.length);
    case 'Conv':
      return undefined;
    case 'Reshape':
      return order && reshaped(dims, to, order);
    case 'Transpose': {
      const permutation = node.attributes.perm;
      return order && Array.isArray(permutation)
        ? { ...order, axis: permutation.indexOf(order.axis) }
        : undefined;
    }
    case 'Concat':
      return sideBySide(view, node, orders, axisOf(0));
    case 'Split': {
      const sizes = view.numbers(node.inputs[1]);
      if (order === undefined) return undefined;
      if (axisOf(0) !== order.axis) return order;
      const from = sizes?.slice(0, output).reduce((sum, size) => sum + size, 0);
      return from === undefined
        ? undefined
        : { ...order, tokens: order.tokens.slice(from, from + (sizes?.[output] ?? 0)) };
    }
    case 'Slice':
      return order && sliced(view, node, order, dims.length);
    case 'Gather': {
      const at = positiveAxis(typeof given === 'number' ? given : 0, dims.length);
      if (!order) return undefined;
      // The indices' axes take the place of one axis.
      const shift = to.length - dims.length;
      if (at !== order.axis) return { ...order, axis: order.axis + (at < order.axis ? shift : 0) };
      const places = view.numbers(node.inputs[1]);
      return places && shift === 0 ? picked(order, places) : undefined;
    }
    default:
      return elementwise(view, node, orders, to.length);
  }
}

/** Rows of a product are rows of its left side, columns are columns of its right side. */
function multiplied(
  view: GraphView,
  node: GraphNode,
  orders: ReadonlyMap<string, Order>,
  rank: number,
): Order | undefined {
  const side = (index: number, transposed: unknown) => {
    const name = node.inputs[index] ?? '';
    const order = orders.get(name);
    if (!order) return undefined;
    const axis = order.axis - view.shape(name).length;
    return { ...order, axis: transposed && axis >= -2 ? -3 - axis : axis };
  };
  const left = side(0, node.attributes.transA);
  if (left) return left.axis === -1 ? undefined : { ...left, axis: left.axis + rank };
  const right = side(1, node.attributes.transB);
  return right && right.axis !== -2 ? { ...right, axis: right.axis + rank } : undefined;
}

function reshaped(from: readonly number[], to: readonly number[], order: Order): Order | undefined {
  const before = sizeOf(from.slice(0, order.axis));
  const axis = to.findIndex(
    (dim, i) => dim === order.tokens.length && sizeOf(to.slice(0, i)) === before,
  );
  return axis === -1 ? undefined : { ...order, axis };
}

function sideBySide(
  view: GraphView,
  node: GraphNode,
  orders: ReadonlyMap<string, Order>,
  axis: number,
): Order | undefined {
  const known = node.inputs.map((input) => orders.get(input));
  const first = known.find((order) => order !== undefined);
  if (first?.axis !== axis) return agreed(known);
  const tokens = node.inputs.flatMap(
    (input, i) => known[i]?.tokens ?? new Array<number>(view.shape(input)[axis] ?? 0).fill(-1),
  );
  return { axis, tokens };
}

function sliced(view: GraphView, node: GraphNode, order: Order, rank: number): Order | undefined {
  const [starts, ends, axes, steps] = [1, 2, 3, 4].map((i) => view.numbers(node.inputs[i]));
  if (!starts || !ends) return undefined;
  const at = (axes ?? starts.map((_, i) => i)).findIndex(
    (axis) => positiveAxis(axis, rank) === order.axis,
  );
  if (at === -1) return order;
  const { length } = order.tokens;
  return picked(order, sliceRange(length, starts[at] ?? 0, ends[at] ?? 0, steps?.[at] ?? 1));
}

function picked(order: Order, places: readonly number[]): Order {
  const { tokens } = order;
  return { ...order, tokens: places.map((i) => tokens[positiveAxis(i, tokens.length)] ?? -1) };
}

/** Operands that can be followed must agree; the others are branches of the same tokens, or weights. */
function elementwise(
  view: GraphView,
  node: GraphNode,
  orders: ReadonlyMap<string, Order>,
  rank: number,
): Order | undefined {
  return agreed(
    node.inputs.map((input) => {
      const order = orders.get(input);
      return order && { ...order, axis: order.axis + rank - view.shape(input).length };
    }),
  );
}

function agreed(orders: readonly (Order | undefined)[]): Order | undefined {
  const [first, ...others] = orders.filter((order) => order !== undefined);
  if (!first) return undefined;
  const same = others.every(
    ({ axis, tokens }) =>
      axis === first.axis &&
      tokens.length === first.tokens.length &&
      (tokens === first.tokens || tokens.every((token, i) => token === first.tokens[i])),
  );
  return same ? first : undefined;
}
