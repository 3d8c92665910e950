/** Gradients of matrix products. */
import type { GraphNode } from '../../onnx/graph';
import type { Contributions, Rule, Step, StepForm } from '../rule';
import type { Slice } from '../tape';
import { rowwiseButLast } from './shapes';
import { uncovered } from './structure';

/** Shares of the gradient that flow out of a block's two products. */
export interface AttentionShares {
  readonly intoQueryKey: number;
  readonly intoValue: number;
}

/** A product with a constant matrix: its name, and whether the forward product reads it transposed. */
export function weightOf(node: GraphNode): { name: string; transposed: boolean; alpha: number } {
  return {
    name: node.inputs[1] ?? '',
    transposed: node.attributes.transB === 1,
    alpha: node.attributes.alpha ?? 1,
  };
}

export const linear: Rule = {
  rows: rowwiseButLast,
  apply({ tape, node, cotangent }) {
    const weight = weightOf(node);
    return [tape.scale(tape.linear(cotangent, weight.name, !weight.transposed), weight.alpha)];
  },
};

/** How a product of two computed tensors reads them. */
export function operands(step: Pick<Step, 'node'>): {
  transA: boolean;
  transB: boolean;
  alpha: number;
} {
  const { node } = step;
  if (node.attributes.transBatchA || node.attributes.transBatchB)
    throw uncovered(step, 'it transposes its batch axes');
  return {
    transA: node.attributes.transA === 1,
    transB: node.attributes.transB === 1,
    alpha: node.attributes.alpha ?? 1,
  };
}

/**
 * The two sides of z = a · b given something s of z's shape: (s · bᵀ, aᵀ · s), in the layout in
 * which the forward product reads a and b, without its factor alpha.
 */
export function productSides(
  step: Step,
  s: string,
  sides: { a: string; b: string },
): [string | undefined, string | undefined] {
  const { tape } = step;
  const { transA, transB } = operands(step);
  const { a, b } = sides;
  const left = () =>
    transA
      ? tape.matmul(b, s, { transA: transB, transB: true })
      : tape.matmul(s, b, { transB: !transB });
  const right = () =>
    transB
      ? tape.matmul(s, a, { transA: true, transB: transA })
      : tape.matmul(a, s, { transA: !transA });
  return [step.wanted(0) ? left() : undefined, step.wanted(1) ? right() : undefined];
}

/** Rows of z = a · b are products of the same rows of a, if a is read as it stands. */
export function rowsOfLeft(step: StepForm, slice: Slice): boolean {
  const rank = step.tape.shape(step.node.outputs[0] ?? '').length;
  const { transA } = operands(step);
  return slice.axis === rank - 2 && !transA && step.shape(0).length === rank;
}

/** What the sides of a product get: a's side has the rows of z, b's side is whole. */
export function contributionsOf([left, right]: readonly [
  string | undefined,
  string | undefined,
]): Contributions {
  return [left, right === undefined ? undefined : { name: right }];
}

export function product(shares: AttentionShares): Rule {
  return {
    rows: rowsOfLeft,
    apply(step) {
      const { tape, role } = step;
      const { alpha } = operands(step);
      const share = role === 'scores' ? shares.intoQueryKey : 1;
      if (share === 0) return [];
      const b = tape.value(step.node.inputs[1] ?? '');
      const [left, right] = productSides(step, step.cotangent, { a: step.input(0), b });
      // In the weighted sum only the value's side is damped; attention's share is in the scores'.
      const [forLeft, forRight] = role === 'context' ? [1, shares.intoValue] : [share, share];
      return contributionsOf([
        left && tape.scale(left, alpha * forLeft),
        right && tape.scale(right, alpha * forRight),
      ]);
    },
  };
}
