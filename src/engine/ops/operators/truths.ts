/** Operators that give truth values: steps, whose slope is zero wherever there is one. */
import type { Operator } from '../operator';
import { elementwise } from '../moves/elementwise';
import { broadcastShape, sameShape, withoutRule } from './forms';

function truth(shape: Operator['shape'], role: 'deciding' | 'other'): Operator {
  return {
    ...withoutRule({ shape, elements: 'bool', integers: {}, moves: elementwise, role }),
    kind: 'step',
  };
}

const comparison = truth(broadcastShape, 'deciding');
const logic = truth(broadcastShape, 'other');
const test = truth(sameShape, 'other');

export const truths = {
  Equal: comparison,
  Greater: comparison,
  GreaterOrEqual: comparison,
  Less: comparison,
  LessOrEqual: comparison,
  And: logic,
  Or: logic,
  Xor: logic,
  IsInf: test,
  IsNaN: test,
  Not: test,
} satisfies Readonly<Record<string, Operator>>;
