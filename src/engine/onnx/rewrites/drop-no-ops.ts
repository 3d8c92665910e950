/** Drops nodes that change nothing at inference. */
import type { GraphNode } from '../graph';
import type { GraphView } from '../graph-view';
import type { Rewrite } from '../rewrite';
import { asFloat32 } from '../tensor-bytes';

export const dropNoOps: Rewrite = (node, view) => {
  const [input] = node.inputs;
  if (input === undefined) return undefined;
  switch (node.op) {
    case 'Identity':
      // An output of the model that repeats an input or constant keeps its Identity.
      return view.isOutput(node.outputs[0] ?? '') ? undefined : [input];
    case 'Dropout':
      return [input];
    case 'Cast':
      return node.attributes.to === 1 && isFloat(view, input) ? [input] : undefined;
    case 'Reshape':
    case 'Expand':
    case 'Squeeze':
    case 'Unsqueeze':
    case 'Flatten':
    case 'Tile':
      return sameShape(view.shape(input), view.shape(node.outputs[0] ?? '')) ? [input] : undefined;
    case 'Transpose': {
      const order = node.attributes.perm;
      return Array.isArray(order) && order.every((axis, i) => axis === i) ? [input] : undefined;
    }
    case 'Where':
      return guardedAgainstNaN(view, node);
    case 'Add':
      return neutral(view, node, 0);
    case 'Mul':
      return neutral(view, node, 1);
    default:
      return undefined;
  }
};

const truths: ReadonlySet<string> = new Set([
  'And',
  'Equal',
  'Greater',
  'GreaterOrEqual',
  'IsInf',
  'IsNaN',
  'Less',
  'LessOrEqual',
  'Not',
  'Or',
  'Xor',
]);
const wholeNumbers: ReadonlySet<string> = new Set(['ArgMax', 'ArgMin', 'NonZero', 'Shape', 'Size']);

/** Whatever computes is float32 by now, but for truth values, indices and what is made of them. */
function isFloat(view: GraphView, tensor: string): boolean {
  const constant = view.constant(tensor);
  if (constant) return constant.type === 'float32';
  const node = view.producer(tensor);
  if (!node)
    return view.graph.inputs.some(({ name, type }) => name === tensor && type === 'float32');
  if (truths.has(node.op) || wholeNumbers.has(node.op)) return false;
  if (node.op === 'Cast') return node.attributes.to === 1;
  if (node.op === 'TopK') return node.outputs[0] === tensor;
  // The first input of Where is its condition; of OneHot, the last one holds the values.
  const data = node.op === 'Where' ? 1 : node.op === 'OneHot' ? 2 : 0;
  const source = node.inputs[data];
  return source === undefined ? node.op !== 'ConstantOfShape' : isFloat(view, source);
}

/** `where(isnan(x), 0, x)`, which newer exporters put behind a softmax: nothing here is NaN. */
function guardedAgainstNaN(view: GraphView, node: GraphNode): string[] | undefined {
  const [condition, replacement, value] = node.inputs;
  const check = view.producerOf(condition, 'IsNaN');
  if (value === undefined || check?.inputs[0] !== value) return undefined;
  return view.scalar(replacement) === 0 ? [value] : undefined;
}

/** Adding zeros (an empty mask) or multiplying by ones. */
function neutral(view: GraphView, node: GraphNode, value: number): string[] | undefined {
  for (const [i, input] of node.inputs.entries()) {
    const constant = view.constant(node.inputs[1 - i]);
    if (constant?.type !== 'float32') continue;
    if (!sameShape(view.shape(input), view.shape(node.outputs[0] ?? ''))) continue;
    if (asFloat32(constant).every((number) => number === value)) return [input];
  }
  return undefined;
}

function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((dim, i) => dim === b[i]);
}
