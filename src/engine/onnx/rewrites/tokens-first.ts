/** A stream kept `[1, features, tokens]` is kept `[1, tokens, features]` instead. */
import type { GraphNode } from '../graph';
import type { GraphBuilder } from '../graph-builder';
import type { GraphView } from '../graph-view';
import { positiveAxis } from '../../ops/axes';
import type { Rewrite } from '../rewrite';
import { exactGeluOp } from './gelu';

/**
 * ONNX Runtime's optimiser likes to move the transposition behind the patch embedding further down,
 * past the class token, the position embedding and even half a LayerNorm. This moves it back up:
 * each operator is applied tokens-first between two Transposes, which cancel in `mergeTransposes`.
 */
export function tokensFirst(): Rewrite {
  const featuresFirst = new Map<string, boolean>();
  return (node, view, builder) => {
    if (!movable.has(node.op) || !isFeaturesFirst(view, node.outputs[0] ?? '', featuresFirst))
      return undefined;
    const inputs = node.inputs.map((name, i) =>
      i > 0 && node.op === 'ReduceMean' ? name : flipped(view, builder, name),
    );
    const { axis = 0 } = node.attributes;
    if (node.op === 'Concat') {
      const moved = flippedAxis(axis);
      return [flip(builder, builder.node('Concat', inputs, { axis: moved }))];
    }
    if (node.op === 'ReduceMean') {
      const axes = view.numbers(node.inputs[1]);
      if (!axes || node.attributes.keepdims === 0) return undefined;
      const moved = builder.ints(axes.map(flippedAxis));
      return [flip(builder, builder.node('ReduceMean', [inputs[0] ?? '', moved], { keepdims: 1 }))];
    }
    return [flip(builder, builder.node(node.op, inputs, node.attributes))];
  };
}

const movable: ReadonlySet<string> = new Set([
  'Add',
  'Concat',
  'Div',
  'Gelu',
  'Mul',
  'Pow',
  'ReduceMean',
  'Relu',
  'Sqrt',
  'Sub',
  exactGeluOp,
]);

/** True behind a patch grid `[1, D, rows, columns]` flattened to `[1, D, patches]`, or a linear map turned over. */
function isFeaturesFirst(view: GraphView, tensor: string, known: Map<string, boolean>): boolean {
  const earlier = known.get(tensor);
  if (earlier !== undefined) return earlier;
  const node = view.producer(tensor);
  const isBatch1 = view.shape(tensor).length === 3 && view.shape(tensor)[0] === 1;
  const answer =
    node !== undefined &&
    isBatch1 &&
    (flattensGrid(view, node) ||
      isTurnedLinear(view, node) ||
      (movable.has(node.op) && node.inputs.some((input) => isFeaturesFirst(view, input, known))));
  known.set(tensor, answer);
  return answer;
}

/** `(x W)ᵀ` of tokens `[1, T, D]`. */
function isTurnedLinear(
  view: GraphView,
  { op, inputs: [product = ''], attributes }: GraphNode,
): boolean {
  const linear = view.producerOf(product, 'MatMul');
  const { perm } = attributes;
  const isTurned = op === 'Transpose' && perm?.join() === '0,2,1';
  return isTurned && view.constant(linear?.inputs[1])?.dims.length === 2;
}

function flattensGrid(
  view: GraphView,
  { op, inputs: [grid = ''], outputs: [flat = ''] }: GraphNode,
): boolean {
  if (op !== 'Reshape') return false;
  const [batch, features, rows, columns, ...rest] = view.shape(grid);
  const [, flatFeatures, patches] = view.shape(flat);
  return (
    view.producer(grid)?.op === 'Conv' &&
    batch === 1 &&
    rest.length === 0 &&
    features === flatFeatures &&
    rows !== undefined &&
    columns !== undefined &&
    rows * columns === patches
  );
}

/** The tensor with its last two axes swapped; scalars and vectors of one element stay. */
function flipped(view: GraphView, builder: GraphBuilder, tensor: string): string {
  const dims = view.shape(tensor);
  if (dims.every((dim) => dim === 1)) return tensor;
  if (dims.length === 3) return flip(builder, tensor);
  const padded = [...new Array<number>(3 - dims.length).fill(1), ...dims];
  return flip(builder, builder.node('Reshape', [tensor, builder.ints(padded)]));
}

function flip(builder: GraphBuilder, tensor: string): string {
  return builder.node('Transpose', [tensor], { perm: [0, 2, 1] });
}

function flippedAxis(axis: number): number {
  return [0, 2, 1][positiveAxis(axis, 3)] ?? axis;
}
