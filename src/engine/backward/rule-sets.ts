/** Which rule each operator follows in each meaning of the walk. */
import * as activations from './rules/activations';
import * as normalisation from './rules/normalisation';
import { convolution } from './rules/patch-convolution';
import { linear, product } from './rules/products';
import * as relevance from './rules/relevance';
import * as structure from './rules/structure';
import * as sums from './rules/sums';
import type { OpKind } from '../ops/operator';
import type { Rule, Rules } from './rule';

/** The few edges on which the gradient-like rule sets differ. */
interface Factors {
  /** Share of the gradient into query and key. */
  readonly intoQueryKey: number;
  /** Share of the gradient into the value. */
  readonly intoValue: number;
  /** Of a normalisation's denominator. */
  readonly deviation: normalisation.Deviation;
  /** Of Φ in x·Φ(x). */
  readonly gate: activations.Gate;
  /** Share of the gradient into each side of a gated product. */
  readonly intoGated: number;
}

/** Gradient-like rule sets, by name. */
const factors = {
  gradient: {
    intoQueryKey: 1,
    intoValue: 1,
    deviation: 'differentiated',
    gate: 'differentiated',
    intoGated: 1,
  },
  /** Achtibat et al., ICML 2024. */
  attnlrp: {
    intoQueryKey: 0.25,
    intoValue: 0.5,
    deviation: 'detached',
    gate: 'detached',
    intoGated: 0.5,
  },
  /** Mehri et al., 2025. */
  libra: { intoQueryKey: 0, intoValue: 1, deviation: 'detached', gate: 'detached', intoGated: 0.5 },
} as const satisfies Record<string, Factors>;

export type RuleSet = keyof typeof factors | 'relevance';

/** Moving elements about means the same for gradients and relevance. */
const moving = {
  view: structure.view,
  transpose: structure.transpose,
  concat: structure.concat,
  split: structure.split,
  slice: structure.slice,
  gather: structure.gather,
  expand: structure.expand,
  mean: sums.mean,
  max: sums.max,
} satisfies Partial<Record<OpKind, Rule>>;

function gradientRules(set: Factors): Rules {
  return {
    ...moving,
    add: sums.add,
    bias: sums.add,
    subtract: sums.subtract,
    multiply: sums.multiply(set.intoGated),
    scale: sums.scale,
    divide: sums.divide,
    power: activations.power,
    'square-root':
      set.deviation === 'detached' ? activations.deviationRoot : activations.squareRoot,
    sum: sums.sum,
    product: product(set),
    linear,
    convolution,
    'layer-norm': normalisation.layerNorm(set.deviation),
    'rms-norm': normalisation.rmsNorm(set.deviation),
    'batch-norm': normalisation.batchNorm,
    'l2-norm': normalisation.l2Norm(set.deviation),
    clip: normalisation.clip,
    gelu: activations.gelu(set.gate),
    'tanh-gelu': activations.tanhGelu(set.gate),
    'quick-gelu': activations.quickGelu(set.gate),
    relu: activations.relu,
    sigmoid: activations.sigmoid,
    tanh: activations.tanh,
    softmax: activations.softmax,
  } satisfies Record<OpKind, Rule>;
}

const relevanceRules: Rules = {
  ...moving,
  add: relevance.add,
  bias: relevance.unchanged,
  subtract: relevance.unchanged,
  multiply: relevance.multiply,
  scale: relevance.unchanged,
  divide: relevance.unchanged,
  power: relevance.unchanged,
  'square-root': activations.deviationRoot,
  sum: sums.mean,
  product: relevance.product,
  linear: relevance.linear,
  convolution: relevance.convolution,
  'layer-norm': relevance.unchanged,
  'rms-norm': relevance.unchanged,
  'batch-norm': relevance.unchanged,
  'l2-norm': { apply: () => [] },
  clip: relevance.unchanged,
  gelu: relevance.unchanged,
  'tanh-gelu': relevance.unchanged,
  'quick-gelu': relevance.unchanged,
  relu: relevance.unchanged,
  sigmoid: relevance.unchanged,
  tanh: relevance.unchanged,
  softmax: relevance.unchanged,
} satisfies Record<OpKind, Rule>;

/** The rules of a set. */
export function rulesOf(set: RuleSet): Rules {
  return set === 'relevance' ? relevanceRules : gradientRules(factors[set]);
}
