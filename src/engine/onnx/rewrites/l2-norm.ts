/** The length of a vector in every spelling becomes ReduceL2. */
import type { GraphNode } from '../graph';
import type { GraphView } from '../graph-view';
import type { Rewrite } from '../rewrite';

/**
 * `sqrt(Σ x²)`, the squares as Pow, Mul or ReduceSumSquare, and LpNormalization as the division that it is.
 */
export const l2Norm: Rewrite = (node, view, builder) => {
  const [input = ''] = node.inputs;
  if (node.op === 'LpNormalization') {
    const { axis = -1, p = 2 } = node.attributes;
    if (p !== 2) return undefined;
    const length = builder.node('ReduceL2', [input, builder.ints([axis])], { keepdims: 1 });
    return [builder.node('Div', [input, length])];
  }
  if (node.op !== 'Sqrt') return undefined;
  const sum = view.producerOf(input, 'ReduceSum', 'ReduceSumSquare');
  if (!sum) return undefined;
  const base = sum.op === 'ReduceSum' ? squareBase(view, sum.inputs[0]) : sum.inputs[0];
  if (base === undefined) return undefined;
  return [builder.node('ReduceL2', [base, ...sum.inputs.slice(1)], sum.attributes)];
};

/** `y` of `y²`. */
export function squareBase(view: GraphView, tensor: string | undefined): string | undefined {
  const power: GraphNode | undefined = view.producerOf(tensor, 'Pow', 'Mul');
  const [base, exponent] = power?.inputs ?? [];
  if (power?.op === 'Pow') return view.scalar(exponent) === 2 ? base : undefined;
  return base === exponent ? base : undefined;
}
