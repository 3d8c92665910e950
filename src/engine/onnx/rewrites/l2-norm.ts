/** The length of a vector in every spelling becomes ReduceL2. */
import type { Rewrite } from '../rewrite';
import { squareBase } from './norm-parts';

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
