/** A choice between two tensors, element by element, as the sum of both behind their masks. */
import type { GraphBuilder } from '../graph-builder';
import type { GraphView } from '../graph-view';
import type { Rewrite } from '../rewrite';
import { toNumbers } from '../tensor-bytes';

/** Scores that are this low get no attention. */
const hidden = -1e4;

/**
 * `where(c, x, y)` becomes `x·c + y·(1 − c)`; with scores far below all others for y (a mask, maybe −∞) it
 * becomes `x + where(c, 0, y)`, and x where c holds everywhere.
 */
export const where: Rewrite = (node, view, builder) => {
  if (node.op !== 'Where') return undefined;
  const [condition = '', x = '', y = ''] = node.inputs;
  const dims = view.shape(node.outputs[0] ?? '');
  const isSame = (name: string) => view.shape(name).join() === dims.join();
  const known = view.constant(condition);
  const truths = known && toNumbers(known);
  if (truths?.every((truth) => truth !== 0) && isSame(x)) return [x];
  if (truths?.every((truth) => truth === 0) && isSame(y)) return [y];
  if (!computesFloats(view, x) && !computesFloats(view, y)) return undefined;
  const zero = builder.floats(0);
  if (isHidden(view, y) && isSame(x))
    return [builder.node('Add', [x, builder.node('Where', [condition, zero, y])])];
  if (isHidden(view, x) && isSame(y))
    return [builder.node('Add', [y, builder.node('Where', [condition, x, zero])])];
  const chosen = masked(view, builder, x, mask(builder, condition, 1, 0));
  const other = masked(view, builder, y, mask(builder, condition, 0, 1));
  if (chosen === undefined) return other === undefined ? undefined : [other];
  return [other === undefined ? chosen : builder.node('Add', [chosen, other])];
};

function mask(builder: GraphBuilder, condition: string, yes: number, no: number): string {
  return builder.node('Where', [condition, builder.floats(yes), builder.floats(no)]);
}

/** A tensor behind its mask; undefined for zeros. */
function masked(view: GraphView, builder: GraphBuilder, x: string, by: string): string | undefined {
  return view.scalar(x) === 0 ? undefined : builder.node('Mul', [x, by]);
}

/** Masks and index arithmetic are chosen between too; those stay. */
function computesFloats(view: GraphView, tensor: string): boolean {
  return view.constant(tensor) === undefined && view.producerOf(tensor, 'Where') === undefined;
}

function isHidden(view: GraphView, tensor: string): boolean {
  const constant = view.constant(tensor);
  return constant?.type === 'float32' && toNumbers(constant).every((value) => value <= hidden);
}
