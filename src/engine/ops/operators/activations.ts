/** Activations, and what makes probabilities. */
import type { Operator } from '../operator';
import { elementwise } from '../moves/elementwise';
import { alongLastAxes } from '../moves/along';
import { sameShape, withoutRule } from './forms';

type Own = Pick<Operator, 'moves' | 'kind' | 'float64' | 'role' | 'cheap'>;

function activation(own: Own): Operator {
  return { ...own, shape: sameShape, elements: 0, integers: {}, fold: 'none', noOp: 'never' };
}

const unexplained = withoutRule({
  shape: sameShape,
  elements: 0,
  integers: {},
  moves: elementwise,
  role: 'other',
});

export const activations = {
  Relu: activation({
    moves: elementwise,
    kind: 'relu',
    float64: 'none',
    role: 'other',
    cheap: false,
  }),
  Tanh: activation({
    moves: elementwise,
    kind: 'tanh',
    float64: 'kernel',
    role: 'other',
    cheap: false,
  }),
  Sigmoid: activation({
    moves: elementwise,
    kind: 'sigmoid',
    float64: 'kernel',
    role: 'squashing',
    cheap: false,
  }),
  Softmax: activation({
    moves: alongLastAxes,
    kind: 'softmax',
    float64: 'kernel',
    role: 'squashing',
    cheap: true,
  }),
  LogSoftmax: activation({
    moves: alongLastAxes,
    kind: 'none',
    float64: 'none',
    role: 'squashing',
    cheap: false,
  }),
  Gelu: activation({
    moves: elementwise,
    kind: ({ attributes }) => (attributes.approximate === 'tanh' ? 'tanh-gelu' : 'gelu'),
    float64: 'none',
    role: 'layer',
    cheap: true,
  }),
  'com.microsoft.Gelu': activation({
    moves: elementwise,
    kind: 'gelu',
    float64: 'none',
    role: 'layer',
    cheap: true,
  }),
  'com.microsoft.FastGelu': activation({
    moves: elementwise,
    kind: 'tanh-gelu',
    float64: 'none',
    role: 'layer',
    cheap: false,
  }),
  'com.microsoft.QuickGelu': activation({
    moves: elementwise,
    kind: 'quick-gelu',
    float64: 'none',
    role: 'layer',
    cheap: true,
  }),
  'com.microsoft.BiasGelu': unexplained,
  Celu: unexplained,
  Elu: unexplained,
  HardSigmoid: unexplained,
  HardSwish: unexplained,
  LeakyRelu: unexplained,
  Mish: unexplained,
  Softplus: unexplained,
} satisfies Readonly<Record<string, Operator>>;
