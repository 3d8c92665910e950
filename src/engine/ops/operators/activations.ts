/** Activations, and what makes probabilities. */
import type { Operator } from '../operator';
import { sameShape, withoutRule } from './forms';

type Own = Pick<Operator, 'kind' | 'float64' | 'role' | 'cheap'>;

function activation(own: Own): Operator {
  return { ...own, shape: sameShape, elements: 0, integers: {}, fold: 'none', noOp: 'never' };
}

const unexplained = withoutRule({ shape: sameShape, elements: 0, integers: {}, role: 'other' });

export const activations = {
  Relu: activation({ kind: 'relu', float64: 'none', role: 'other', cheap: false }),
  Tanh: activation({ kind: 'tanh', float64: 'kernel', role: 'other', cheap: false }),
  Sigmoid: activation({ kind: 'sigmoid', float64: 'kernel', role: 'squashing', cheap: false }),
  Softmax: activation({ kind: 'softmax', float64: 'kernel', role: 'squashing', cheap: true }),
  LogSoftmax: activation({ kind: 'none', float64: 'none', role: 'squashing', cheap: false }),
  Gelu: activation({
    kind: ({ attributes }) => (attributes.approximate === 'tanh' ? 'tanh-gelu' : 'gelu'),
    float64: 'none',
    role: 'layer',
    cheap: true,
  }),
  'com.microsoft.Gelu': activation({ kind: 'gelu', float64: 'none', role: 'layer', cheap: true }),
  'com.microsoft.FastGelu': activation({
    kind: 'tanh-gelu',
    float64: 'none',
    role: 'layer',
    cheap: false,
  }),
  'com.microsoft.QuickGelu': activation({
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
