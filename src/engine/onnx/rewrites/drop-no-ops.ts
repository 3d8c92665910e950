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
      // Whatever computes is float32 by now; casts to integers belong to index arithmetic.
      return node.attributes.to === 1 ? [input] : undefined;
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
