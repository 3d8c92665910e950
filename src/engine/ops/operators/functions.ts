/** Functions of single numbers, and other types of them. */
import { elementTypeOf } from '../../onnx/element-types';
import { foldAway, foldOne } from '../fold';
import { accumulated } from '../moves/along';
import { elementwise } from '../moves/elementwise';
import type { Operator } from '../operator';
import { sameShape, withoutRule } from './forms';

const ofOne = { shape: sameShape, elements: 0, integers: {}, moves: elementwise } as const;

/** A function without a backward rule whose value of a constant may be computed. */
function folding(compute: (value: number) => number, role: Operator['role']): Operator {
  return { ...withoutRule({ ...ofOne, role }), fold: foldOne(compute) };
}

/** A staircase: its slope is zero wherever there is one. */
const rounding: Operator = { ...withoutRule({ ...ofOne, role: 'deciding' }), kind: 'step' };

export const functions = {
  Abs: folding(Math.abs, 'other'),
  Exp: folding(Math.exp, 'squashing'),
  Neg: folding((value) => -value, 'affine'),
  Reciprocal: folding((value) => 1 / value, 'other'),
  Sqrt: {
    ...ofOne,
    kind: 'square-root',
    float64: 'kernel',
    fold: foldOne(Math.sqrt),
    role: 'other',
    cheap: false,
    noOp: 'never',
  },
  Clip: {
    ...ofOne,
    kind: 'clip',
    float64: 'none',
    fold: 'none',
    role: 'other',
    cheap: false,
    noOp: 'never',
  },
  /** To anything but floats it is a step. */
  Cast: {
    ...withoutRule({
      ...ofOne,
      elements: ({ attributes }) => elementTypeOf(attributes.to),
      role: 'other',
    }),
    fold: foldAway,
    noOp: 'same-type',
  },
  CumSum: withoutRule({ ...ofOne, integers: { axis: 1 }, moves: accumulated, role: 'other' }),
  Erf: withoutRule({ ...ofOne, role: 'other' }),
  Log: withoutRule({ ...ofOne, role: 'other' }),
  Ceil: rounding,
  Floor: rounding,
  Round: rounding,
  Sign: rounding,
} satisfies Readonly<Record<string, Operator>>;
