/** Operators of several operands, element by element. */
import { foldTwo } from '../fold';
import { choice, elementwise, product, quotient, sum } from '../moves/elementwise';
import type { KindRule, Operator } from '../operator';
import { broadcastShape, withoutRule } from './forms';

/** Adding a constant that is the same for every token is a bias; all else joins two streams. */
const addition: KindRule = ({ inputs: [a = '', b = ''] }, { isConstant, shape, maker }) => {
  const constant = isConstant(a) ? a : isConstant(b) ? b : undefined;
  if (constant === undefined) return 'add';
  const dims = shape(constant);
  // A vector along another axis than the last belongs to the channels of a picture.
  const isVector = dims.at(-1) === 1 && dims.filter((dim) => dim !== 1).length === 1;
  const perToken = !isVector && dims.slice(0, -1).some((dim) => dim !== 1);
  const role = maker(constant === a ? b : a)?.role;
  const ofLinear = role === 'product' || role === 'convolution';
  return perToken && !ofLinear ? 'add' : 'bias';
};

const multiplication: KindRule = ({ inputs: [a = '', b = ''] }, { isHeld }) =>
  isHeld(a) || isHeld(b) ? 'scale' : 'multiply';

const division: KindRule = ({ inputs: [, b = ''] }, { isHeld }) => (isHeld(b) ? 'scale' : 'divide');

const power: KindRule = ({ inputs: [, b = ''] }, { isConstant }) =>
  isConstant(b) ? 'power' : undefined;

function ofTwo(own: Omit<Operator, 'shape' | 'elements' | 'integers'>): Operator {
  return { ...own, shape: broadcastShape, elements: 0, integers: {} };
}

const ofSeveral = {
  shape: broadcastShape,
  elements: 0,
  integers: {},
  moves: elementwise,
  role: 'other',
} as const;

export const arithmetic = {
  Add: ofTwo({
    moves: sum,
    kind: addition,
    float64: 'kernel',
    fold: foldTwo((one, other) => one + other),
    role: 'affine',
    cheap: true,
    noOp: 0,
  }),
  Sub: ofTwo({
    moves: elementwise,
    kind: 'subtract',
    float64: 'kernel',
    fold: foldTwo((one, other) => one - other),
    role: 'affine',
    cheap: false,
    noOp: 'never',
  }),
  Mul: ofTwo({
    moves: product,
    kind: multiplication,
    float64: 'kernel',
    fold: foldTwo((one, other) => one * other),
    role: 'affine',
    cheap: false,
    noOp: 1,
  }),
  Div: ofTwo({
    moves: quotient,
    kind: division,
    float64: 'kernel',
    fold: foldTwo((one, other) => one / other),
    role: 'affine',
    cheap: false,
    noOp: 'never',
  }),
  Pow: ofTwo({
    moves: elementwise,
    kind: power,
    float64: 'none',
    fold: foldTwo((one, other) => one ** other),
    role: 'other',
    cheap: false,
    noOp: 'never',
  }),
  Max: withoutRule(ofSeveral),
  Mean: withoutRule(ofSeveral),
  Min: withoutRule(ofSeveral),
  Mod: withoutRule(ofSeveral),
  PRelu: withoutRule(ofSeveral),
  Sum: withoutRule({ ...ofSeveral, moves: sum }),
  /** Its first input is the condition. */
  Where: withoutRule({ ...ofSeveral, elements: 1, moves: choice }),
} satisfies Readonly<Record<string, Operator>>;
