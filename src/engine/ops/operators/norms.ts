/** Normalisations. */
import { positiveAxis } from '../axes';
import { alongLastAxes, alongOneAxis, alongPlaces, skipNorm } from '../moves/along';
import { elementwiseOfFirst } from '../moves/elementwise';
import type { Operator } from '../operator';
import type { ShapeRule } from '../shape-query';
import { sameShape, withoutRule } from './forms';

type Own = Pick<Operator, 'shape' | 'moves' | 'kind' | 'float64' | 'role' | 'cheap'>;

function norm(own: Own): Operator {
  return { ...own, elements: 0, integers: {}, fold: 'none', noOp: 'never' };
}

/** The norm, its mean and deviation. */
const layerNorm: ShapeRule = (query) => {
  const dims = query.input(0);
  const axis = positiveAxis(query.attributes.axis ?? -1, dims.length);
  const statistics = dims.map((dim, i) => (i < axis ? dim : 1));
  return [dims, statistics, statistics].slice(0, query.node.outputCount);
};

/** The norm, its mean and deviation (never read), and the sum that is normalised. */
const skipLayerNorm: ShapeRule = (query) => {
  const dims = query.input(0);
  const statistics = dims.map((dim, i) => (i === dims.length - 1 ? 1 : dim));
  return [dims, statistics, statistics, dims].slice(0, query.node.outputCount);
};

const rmsNorm = norm({
  shape: sameShape,
  moves: alongLastAxes,
  kind: 'rms-norm',
  float64: 'none',
  role: 'norm',
  cheap: false,
});

const unexplained = { elements: 0, integers: {}, role: 'other' } as const;

export const norms = {
  LayerNormalization: norm({
    shape: layerNorm,
    moves: alongLastAxes,
    kind: 'layer-norm',
    float64: 'kernel',
    role: 'norm',
    cheap: true,
  }),
  SimplifiedLayerNormalization: rmsNorm,
  RMSNormalization: rmsNorm,
  BatchNormalization: norm({
    shape: sameShape,
    moves: elementwiseOfFirst,
    kind: 'batch-norm',
    float64: 'kernel',
    role: 'layer',
    cheap: false,
  }),
  InstanceNormalization: withoutRule({ ...unexplained, shape: sameShape, moves: alongPlaces }),
  LpNormalization: withoutRule({ ...unexplained, shape: sameShape, moves: alongOneAxis }),
  'com.microsoft.SkipLayerNormalization': withoutRule({
    ...unexplained,
    shape: skipLayerNorm,
    moves: skipNorm,
  }),
} satisfies Readonly<Record<string, Operator>>;
