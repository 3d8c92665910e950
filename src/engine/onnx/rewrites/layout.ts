/** Layout changes that move no number all become Reshape, and chains of them one. */
import type { GraphView } from '../graph-view';
import type { Rewrite } from '../rewrite';

const relabelling: ReadonlySet<string> = new Set(['Squeeze', 'Unsqueeze', 'Flatten']);

/** Squeeze, Unsqueeze, Flatten, and Transpose of axes of size 1, as Reshape. */
export const layoutAsReshape: Rewrite = (node, view, builder) => {
  const [input, output] = [node.inputs[0] ?? '', node.outputs[0] ?? ''];
  const movesNothing =
    relabelling.has(node.op) ||
    (node.op === 'Transpose' && keepsOrder(view.shape(input), node.attributes.perm));
  if (!movesNothing) return undefined;
  return [builder.node('Reshape', [input, builder.ints(view.shape(output))])];
};

/** Reshape of a Reshape becomes one, with its shape written out; one that changes nothing goes. */
export const mergeReshapes: Rewrite = (node, view, builder) => {
  if (node.op !== 'Reshape') return undefined;
  const source = beforeReshapes(view, node.inputs[0] ?? '');
  const target = view.shape(node.outputs[0] ?? '');
  if (view.shape(source).join() === target.join()) return [source];
  const shape = view.numbers(node.inputs[1]);
  if (source === node.inputs[0] && shape?.join() === target.join()) return undefined;
  return [builder.node('Reshape', [source, builder.ints(target)])];
};

function beforeReshapes(view: GraphView, tensor: string): string {
  const reshape = view.producerOf(tensor, 'Reshape');
  return reshape ? beforeReshapes(view, reshape.inputs[0] ?? '') : tensor;
}

/** True if a permutation changes the order of no two axes that are longer than 1. */
function keepsOrder(dims: readonly number[], order: readonly number[] | undefined): boolean {
  if (!order) return false;
  const long = order.filter((axis) => dims[axis] !== 1);
  return long.every((axis, i) => i === 0 || (long[i - 1] ?? 0) < axis);
}
