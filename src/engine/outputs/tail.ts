/** What stands behind the last linear layers: how a model's numbers come out of what they computed. */
import type { GraphNode } from '../onnx/graph';
import type { GraphView } from '../onnx/graph-view';
import { sizeOf } from '../onnx/tensor-bytes';
import { operatorOf } from '../ops/catalogue';
import type { Role } from '../ops/operator';

export interface Tail {
  /** In topological order. */
  readonly nodes: readonly GraphNode[];
  /** Tensors that it reads: what linear layers, convolutions and norms gave. */
  readonly entries: readonly string[];
}

/** Operators of layers, before which a tail ends. */
const layers: ReadonlySet<Role> = new Set(['convolution', 'norm', 'layer']);

function roleOf({ op }: GraphNode): Role {
  return operatorOf(op).role;
}

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
  if (layers.has(roleOf(node))) return true;
  if (roleOf(node) !== 'product') return false;
  const computed = node.inputs.filter((input) => input !== '' && !view.constant(input));
  const [data] = computed;
  if (data === undefined || computed.length > 1) return true;
  // It may be the mean of what was made probabilities.
  return !tailOf(view, data).nodes.some((before) => roleOf(before) === 'squashing');
}

/** The tensors of a tail, each behind what it is made from. */
export function tensorsOf({ nodes, entries }: Tail): readonly string[] {
  return [...entries, ...nodes.flatMap(({ outputs }) => outputs.filter((name) => name !== ''))];
}

/** True where the numbers are those of a linear layer, moved, added up or scaled. */
export function isAffine(view: GraphView, { nodes }: Tail): boolean {
  return nodes.every((node) => {
    if (roleOf(node) !== 'affine') return false;
    const { op, inputs } = node;
    if (op !== 'Mul' && op !== 'Div') return true;
    return op === 'Div' ? view.constant(inputs[1]) : inputs.some((input) => view.constant(input));
  });
}

/** True where a layer’s numbers come out as they are, moved, shifted or scaled. */
export function endsInLayer(view: GraphView, tensor: string): boolean {
  const node = view.producer(tensor);
  if (!node || roleOf(node) === 'product' || layers.has(roleOf(node))) return true;
  const computed = node.inputs.filter((input) => input !== '' && !view.constant(input));
  const [data] = computed;
  return (
    roleOf(node) === 'affine' &&
    data !== undefined &&
    computed.length === 1 &&
    endsInLayer(view, data)
  );
}

/** The last node whose answer is no score, if there is one; the largest of all scores has no class. */
export function decisionIn(
  view: GraphView,
  { nodes }: Tail,
  output: string,
): GraphNode | undefined {
  const single = sizeOf(view.shape(output)) === 1;
  return nodes.findLast((node) => {
    const [data = ''] = node.inputs;
    const isLargest = single && node.op === 'ReduceMax' && sizeOf(view.shape(data)) > 1;
    return roleOf(node) === 'deciding' || isLargest;
  });
}

/** Tensors of a tail that some decision has gone into. */
export function decided({ nodes }: Tail): ReadonlySet<string> {
  const names = new Set<string>();
  for (const node of nodes) {
    if (roleOf(node) === 'deciding' || node.inputs.some((input) => names.has(input)))
      for (const output of node.outputs) names.add(output);
  }
  return names;
}
