/** Arithmetic with a single operand, as the arithmetic with two that it stands for. */
import type { Rewrite } from '../rewrite';

export const plainArithmetic: Rewrite = (node, _view, builder) => {
  const [x = '', y] = node.inputs;
  switch (node.op) {
    case 'Neg':
      return [builder.node('Mul', [x, builder.floats(-1)])];
    case 'Reciprocal':
      return [builder.node('Div', [builder.floats(1), x])];
    case 'Sum':
      return y !== undefined && node.inputs.length === 2
        ? [builder.node('Add', [x, y])]
        : undefined;
    default:
      return undefined;
  }
};
