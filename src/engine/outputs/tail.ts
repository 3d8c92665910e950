/** What stands behind the last linear layers: how a model's numbers come out of what they computed. */
import type { GraphNode } from '../onnx/graph';
import type { GraphView } from '../onnx/graph-view';
import { sizeOf } from '../onnx/tensor-bytes';

export interface Tail {
  /** In topological order. */
  readonly nodes: readonly GraphNode[];
  /** Tensors that it reads: what linear layers, convolutions and norms gave. */
  readonly entries: readonly string[];
}

const linear: ReadonlySet<string> = new Set(['Gemm', 'MatMul', 'com.microsoft.FusedMatMul']);

/** Operators of layers, before which a tail ends. */
const layers: ReadonlySet<string> = new Set([
  'BatchNormalization',
  'Conv',
  'Gelu',
  'LayerNormalization',
  'RMSNormalization',
  'SimplifiedLayerNormalization',
  'com.microsoft.FastGelu',
  'com.microsoft.Gelu',
  'com.microsoft.QuickGelu',
]);

/** What makes probabilities of logits; a product with weights behind it may be their mean. */
const squashing: ReadonlySet<string> = new Set(['Exp', 'LogSoftmax', 'Sigmoid', 'Softmax']);

/** Operators that only move, add up or scale numbers, as long as one operand is constant. */
const affine: ReadonlySet<string> = new Set([
  'Add',
  'Concat',
  'Div',
  'Expand',
  'Flatten',
  'Gather',
  'Identity',
  'Mul',
  'Neg',
  'ReduceMean',
  'ReduceSum',
  'Reshape',
  'Slice',
  'Split',
  'Squeeze',
  'Sub',
  'Transpose',
  'Unsqueeze',
]);

/** What answers “which” or “more than”, and no longer how strongly. */
const deciding: ReadonlySet<string> = new Set([
  'ArgMax',
  'ArgMin',
  'Ceil',
  'Equal',
  'Floor',
  'Greater',
  'GreaterOrEqual',
  'Hardmax',
  'Less',
  'LessOrEqual',
  'OneHot',
  'Round',
  'Sign',
  'TopK',
]);

export function tailOf(view: GraphView, tensor: string): Tail {
  const reached = new Set<string>();
  const members = new Set<GraphNode>();
  const entries: string[] = [];
  const waiting = [tensor];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next === '' || reached.has(next) || view.constant(next)) continue;
    reached.add(next);
    const node = view.producer(next);
    if (!node || endsTail(view, node)) {
      entries.push(next);
    } else {
      members.add(node);
      waiting.push(...node.inputs);
    }
  }
  return { nodes: view.graph.nodes.filter((node) => members.has(node)), entries };
}

function endsTail(view: GraphView, node: GraphNode): boolean {
  if (layers.has(node.op)) return true;
  if (!linear.has(node.op)) return false;
  const computed = node.inputs.filter((input) => input !== '' && !view.constant(input));
  const [data] = computed;
  if (data === undefined || computed.length > 1) return true;
  return !tailOf(view, data).nodes.some(({ op }) => squashing.has(op));
}

/** The tensors of a tail, each behind what it is made from. */
export function tensorsOf({ nodes, entries }: Tail): readonly string[] {
  return [...entries, ...nodes.flatMap(({ outputs }) => outputs.filter((name) => name !== ''))];
}

/** True where the numbers are those of a linear layer, moved, added up or scaled. */
export function isAffine(view: GraphView, { nodes }: Tail): boolean {
  return nodes.every(({ op, inputs }) => {
    if (!affine.has(op)) return false;
    if (op !== 'Mul' && op !== 'Div') return true;
    return op === 'Div' ? view.constant(inputs[1]) : inputs.some((input) => view.constant(input));
  });
}

/** True where a layer’s numbers come out as they are, moved, shifted or scaled. */
export function endsInLayer(view: GraphView, tensor: string): boolean {
  const node = view.producer(tensor);
  if (!node || linear.has(node.op) || layers.has(node.op)) return true;
  const computed = node.inputs.filter((input) => input !== '' && !view.constant(input));
  const [data] = computed;
  return (
    affine.has(node.op) && data !== undefined && computed.length === 1 && endsInLayer(view, data)
  );
}

/** The last node whose answer is no score, if there is one; the largest of all scores has no class. */
export function decisionIn(
  view: GraphView,
  { nodes }: Tail,
  output: string,
): GraphNode | undefined {
  const single = sizeOf(view.shape(output)) === 1;
  return nodes.findLast(
    ({ op, inputs: [data = ''] }) =>
      deciding.has(op) || (single && op === 'ReduceMax' && sizeOf(view.shape(data)) > 1),
  );
}

/** Tensors of a tail that some decision has gone into. */
export function decided({ nodes }: Tail): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { op, inputs, outputs } of nodes) {
    if (deciding.has(op) || inputs.some((input) => names.has(input)))
      for (const output of outputs) names.add(output);
  }
  return names;
}
