/** Drops nodes that change nothing at inference. */
import { elementsOf, operatorOf } from '../../ops/catalogue';
import type { NoOp } from '../../ops/operator';
import { elementTypeOf } from '../element-types';
import type { GraphNode } from '../graph';
import type { GraphView } from '../graph-view';
import type { Rewrite } from '../rewrite';
import { asFloat32 } from '../tensor-bytes';

export const dropNoOps: Rewrite = (node, view) => {
  const [input] = node.inputs;
  if (input === undefined) return undefined;
  if (node.op === 'Where') return guardedAgainstNaN(view, node);
  // An output of the model that repeats an input or constant keeps its Identity.
  if (node.op === 'Identity' && view.isOutput(node.outputs[0] ?? '')) return undefined;
  const { noOp } = operatorOf(node.op);
  if (typeof noOp === 'number') return neutral(view, node, noOp);
  return changesNothing(view, node, input, noOp) ? [input] : undefined;
};

function changesNothing(
  view: GraphView,
  { outputs: [output = ''], attributes: { perm, to } }: GraphNode,
  input: string,
  noOp: Exclude<NoOp, number>,
): boolean {
  switch (noOp) {
    case 'never':
      return false;
    case 'always':
      return true;
    case 'same-shape':
      return sameShape(view.shape(input), view.shape(output));
    case 'same-order':
      return perm?.every((axis, i) => axis === i) ?? false;
    case 'same-type':
      return elementTypeOf(to) === 'float32' && isFloat(view, input);
  }
}

/** Whatever computes is float32 by now, but for truth values, indices and what is made of them. */
function isFloat(view: GraphView, tensor: string): boolean {
  const constant = view.constant(tensor);
  if (constant) return constant.type === 'float32';
  const node = view.producer(tensor);
  if (!node)
    return view.graph.inputs.some(({ name, type }) => name === tensor && type === 'float32');
  const elements = elementsOf(node, node.outputs.indexOf(tensor));
  if (typeof elements !== 'number') return elements === 'float32';
  const source = node.inputs[elements];
  return source === undefined || isFloat(view, source);
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
