/** Arithmetic that is short for other arithmetic. */
import type { Rewrite } from '../rewrite';

export const plainArithmetic: Rewrite = (node, view, builder) => {
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
    case 'GlobalAveragePool': {
      const axes = view.shape(x).flatMap((_, axis) => (axis < 2 ? [] : [axis]));
      return [builder.node('ReduceMean', [x, builder.ints(axes)], { keepdims: 1 })];
    }
    default:
      return undefined;
  }
};
