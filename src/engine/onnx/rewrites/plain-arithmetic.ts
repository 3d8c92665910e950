/** Arithmetic that is short for other arithmetic. */
import type { Rewrite } from '../rewrite';
import { sizeOf } from '../tensor-bytes';

export const plainArithmetic: Rewrite = (node, view, builder) => {
  const [x = '', y] = node.inputs;
  switch (node.op) {
    case 'Neg':
      return [builder.node('Mul', [x, builder.floats(-1)])];
    case 'Reciprocal':
      return [builder.node('Div', [builder.floats(1), x])];
    case 'Pow': {
      // Other ways to write a square root, which norms are told by.
      const exponent = view.scalar(y);
      if (exponent === 0.5) return [builder.node('Sqrt', [x])];
      if (exponent === -0.5)
        return [builder.node('Div', [builder.floats(1), builder.node('Sqrt', [x])])];
      return undefined;
    }
    case 'Div': {
      const sum = view.producerOf(x, 'ReduceSum');
      const { keepdims = 1 } = sum?.attributes ?? {};
      const terms = sizeOf(view.shape(sum?.inputs[0] ?? '')) / sizeOf(view.shape(x));
      if (!sum || view.scalar(y) !== terms || sum.inputs[1] === undefined) return undefined;
      return [builder.node('ReduceMean', sum.inputs, { keepdims })];
    }
    case 'Max': {
      // A guard, as others write Clip.
      const at = node.inputs.findIndex((input) => view.scalar(input) !== undefined);
      if (node.inputs.length !== 2 || at === -1) return undefined;
      return [builder.node('Clip', [node.inputs[1 - at] ?? '', node.inputs[at] ?? ''])];
    }
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
