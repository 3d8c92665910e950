/** Whether a model can compute with fewer patches than its picture has, and the shapes that tensors have then. */
import { EngineError } from '../engine-error';
import type { GraphNode } from '../onnx/graph';
import type { GraphView } from '../onnx/graph-view';
import { sizeOf } from '../onnx/tensor-bytes';
import { positiveAxis, sliceRange, type Dims } from '../ops/axes';
import { integersOf, operatorOf } from '../ops/catalogue';
import { inferShapes } from '../ops/infer-shape';
import { followTokens, type Order } from '../vit/token-order';
import type { VitStructure } from '../vit/structure';

/** Axes whose size depends on how many tokens there are, by tensor; tensors without any are left out. */
export type TokenAxes = ReadonlyMap<string, ReadonlySet<number>>;

/**
 * Follows another number of tokens from the first block to the logits.
 * @param nodes between both, in order
 * @returns the axes that run over tokens, or a sentence: why the model needs all of its patches
 */
export function tokenAxes(
  view: GraphView,
  { blocks, prefixTokens, tokens }: VitStructure,
  nodes: readonly GraphNode[],
): TokenAxes | string {
  const stream = blocks[0]?.input ?? '';
  if (tokens - prefixTokens < 3) return 'it has too few patches.';
  // Fewer, so that the ends of slices are cut off as they will be.
  const fewer = tokens - 1;
  const shapes = new Map<string, Dims>([[stream, [1, fewer, view.shape(stream)[2] ?? 0]]]);
  const orders = followTokens(view, stream);
  const shape = (name: string) => shapes.get(name) ?? view.shape(name);
  for (const node of nodes) {
    const [input = ''] = node.inputs;
    const isBound =
      bindsPatches(view, node, shape, prefixTokens, orders) ||
      (operatorOf(node.op).kind === 'view' &&
        !reshaped(view.shape(input), targetOf(view, node), shape(input)));
    if (isBound) return boundAt(node);
    try {
      const made = shapesOf(view, node, shape);
      for (const [i, output] of node.outputs.entries()) shapes.set(output, made[i] ?? []);
    } catch (error) {
      if (error instanceof EngineError) return boundAt(node);
      throw error;
    }
  }
  const axes = new Map<string, ReadonlySet<number>>();
  for (const [name, dims] of shapes) {
    const full = view.shape(name);
    const own = new Set(dims.flatMap((dim, axis) => (dim === full[axis] ? [] : [axis])));
    if (own.size > 0) axes.set(name, own);
  }
  return axes;
}

function boundAt({ op, name }: GraphNode): string {
  return `it computes with all of its patches at ${op} (“${name}”).`;
}

function targetOf(view: GraphView, { outputs: [output = ''] }: GraphNode): Dims {
  return view.shape(output);
}

function shapesOf(view: GraphView, node: GraphNode, shape: (name: string) => Dims): Dims[] {
  const [input = ''] = node.inputs;
  if (operatorOf(node.op).kind === 'view')
    return [reshaped(view.shape(input), targetOf(view, node), shape(input)) ?? []];
  const { op, inputs, attributes, outputs, name } = node;
  return inferShapes(
    { op, inputs, attributes, name, outputCount: outputs.length },
    { shape, constant: (tensor) => view.constant(tensor) },
  );
}

/** Whether a node means certain patches, or their number, and not whichever are there. */
function bindsPatches(
  view: GraphView,
  node: GraphNode,
  shape: (name: string) => Dims,
  prefixTokens: number,
  orders: ReadonlyMap<string, Order>,
): boolean {
  const [input = ''] = node.inputs;
  const full = view.shape(input);
  const varies = (axis: number) => shape(input)[axis] !== full[axis];
  const numbers = (name: string) => view.numbers(name);
  const axisOf = () => positiveAxis(node.attributes.axis ?? 0, full.length);
  /** Prefix tokens alone, or all patches among them. */
  const isWhole = (places: readonly number[]) => {
    const tokens = orders.get(input)?.tokens;
    if (!tokens) return false;
    const isPatch = (place: number) => (tokens[place] ?? -1) >= prefixTokens;
    const taken = places.filter(isPatch).length;
    return taken === 0 || taken === tokens.filter((_, place) => isPatch(place)).length;
  };
  switch (operatorOf(node.op).kind) {
    case 'sum':
    case 'l2-norm':
      return (integersOf(node, 'axes', numbers) ?? []).some((axis) =>
        varies(positiveAxis(axis, full.length)),
      );
    case 'gather':
      return (
        varies(axisOf()) &&
        !isPrefix(numbers(node.inputs[1] ?? ''), orders.get(input), prefixTokens)
      );
    case 'split':
      return varies(axisOf());
    case 'slice': {
      const [starts = [], ends = []] = [
        integersOf(node, 'starts', numbers),
        integersOf(node, 'ends', numbers),
      ];
      const axes = integersOf(node, 'axes', numbers) ?? starts.map((_, i) => i);
      const steps = integersOf(node, 'steps', numbers);
      return axes.some((given, i) => {
        const axis = positiveAxis(given, full.length);
        const [start = 0, end = 0] = [starts[i], ends[i]];
        if (!varies(axis)) return false;
        return (
          start < 0 || end < 0 || !isWhole(sliceRange(full[axis] ?? 0, start, end, steps?.[i] ?? 1))
        );
      });
    }
    case 'convolution':
    case 'batch-norm':
    case 'expand':
      return full.some((_, axis) => varies(axis));
    case 'layer-norm':
    case 'rms-norm':
      return varies(full.length - 1);
    default:
      return false;
  }
}

function isPrefix(
  places: readonly number[] | undefined,
  order: Order | undefined,
  prefixTokens: number,
): boolean {
  return (
    places?.every((place) => place >= 0 && (order?.tokens[place] ?? Infinity) < prefixTokens) ??
    false
  );
}

/**
 * The shape that a Reshape gives when sizes of its input change, where these only come along with
 * others: groups of axes with the same number of elements before and behind belong together.
 */
export function reshaped(from: Dims, to: Dims, changed: Dims): Dims | undefined {
  const result = [...to];
  let [i, j] = [0, 0];
  while (i < from.length || j < to.length) {
    const [startI, startJ] = [i, j];
    do {
      const [before, behind] = [sizeOf(from.slice(startI, i)), sizeOf(to.slice(startJ, j))];
      if (i < from.length && (before <= behind || j === to.length)) i++;
      else j++;
    } while (
      sizeOf(from.slice(startI, i)) !== sizeOf(to.slice(startJ, j)) &&
      (i < from.length || j < to.length)
    );
    const moved = from.slice(startI, i).flatMap((dim, k) => {
      const now = changed[startI + k] ?? dim;
      return now === dim ? [] : [{ dim, now }];
    });
    for (const { dim, now } of moved) {
      const places = result
        .slice(startJ, j)
        .flatMap((size, k) => (size % dim === 0 ? [startJ + k] : []));
      const [place, another] = places;
      if (place === undefined || another !== undefined) return undefined;
      result[place] = ((to[place] ?? 0) / dim) * now;
    }
  }
  return sizeOf(result) === sizeOf(changed) ? result : undefined;
}
