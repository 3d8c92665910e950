/** Drops nodes that change nothing at inference. */
import type { Rewrite } from '../rewrite';

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
      return node.attributes['to'] === 1 ? [input] : undefined;
    case 'Reshape':
    case 'Expand':
    case 'Squeeze':
    case 'Unsqueeze':
    case 'Flatten':
    case 'Tile':
      return sameShape(view.shape(input), view.shape(node.outputs[0] ?? '')) ? [input] : undefined;
    case 'Transpose': {
      const order = node.attributes['perm'];
      return Array.isArray(order) && order.every((axis, i) => axis === i) ? [input] : undefined;
    }
    default:
      return undefined;
  }
};

function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((dim, i) => dim === b[i]);
}
