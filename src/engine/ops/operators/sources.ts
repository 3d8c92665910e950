/** Operators that make numbers out of shapes and other integers. */
import type { Constant } from '../../onnx/constant';
import type { Operator } from '../operator';
import type { ShapeRule } from '../shape-query';
import { unmoved, withoutRule } from './forms';

const range: ShapeRule = (query) => {
  const [start, limit, delta] = [0, 1, 2].map((i) => query.integersAt(i)?.[0]);
  if (start === undefined || limit === undefined || delta === undefined)
    throw query.unknown('the range depends on the picture');
  return [[Math.max(0, Math.ceil((limit - start) / delta))]];
};

export const sources = {
  Shape: {
    ...withoutRule({
      shape: (query) => [[query.input(0).length]],
      elements: 'int64',
      integers: {},
      moves: unmoved,
      role: 'other',
    }),
    kind: 'step',
  },
  ConstantOfShape: withoutRule({
    shape: (query) => [query.integers('shape') ?? []],
    elements: ({ attributes: { value } }) => (isConstant(value) ? value.type : 'float32'),
    integers: { shape: 0 },
    moves: unmoved,
    role: 'other',
  }),
  Range: withoutRule({ shape: range, elements: 0, integers: {}, moves: unmoved, role: 'other' }),
} satisfies Readonly<Record<string, Operator>>;

function isConstant(value: unknown): value is Constant {
  return typeof value === 'object' && value !== null && 'data' in value;
}
