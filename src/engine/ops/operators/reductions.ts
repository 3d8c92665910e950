/** Operators that make one number, or the place of one, of all that stand along some axes. */
import { positiveAxis, type Dims } from '../axes';
import { mean, placeAlongAxis, reduced, sum } from '../moves/reduction';
import type { Operator } from '../operator';
import type { ShapeRule } from '../shape-query';
import { withoutRule } from './forms';

const reduce: ShapeRule = (query) => {
  const dims = query.input(0);
  const given = query.integers('axes') ?? [];
  const { noop_with_empty_axes: isNoOp, keepdims = 1 } = query.attributes;
  if (given.length === 0 && isNoOp) return [dims];
  const axes =
    given.length === 0
      ? dims.map((_, i) => i)
      : given.map((axis) => positiveAxis(axis, dims.length));
  return [dropped(dims, axes, keepdims === 1)];
};

const argReduce: ShapeRule = (query) => {
  const dims = query.input(0);
  const { axis = 0, keepdims = 1 } = query.attributes;
  return [dropped(dims, [positiveAxis(axis, dims.length)], keepdims === 1)];
};

function dropped(dims: Dims, axes: Dims, keep: boolean): Dims {
  if (keep) return dims.map((dim, i) => (axes.includes(i) ? 1 : dim));
  return dims.filter((_, i) => !axes.includes(i));
}

const overAxes = { shape: reduce, elements: 0, integers: { axes: 1 } } as const;

function reduction(own: Pick<Operator, 'moves' | 'kind' | 'float64' | 'role'>): Operator {
  return { ...own, ...overAxes, fold: 'none', cheap: false, noOp: 'never' };
}

const unexplained = withoutRule({ ...overAxes, moves: reduced, role: 'other' });

const placeOfExtreme: Operator = {
  ...withoutRule({
    shape: argReduce,
    elements: 'int64',
    integers: {},
    moves: placeAlongAxis,
    role: 'deciding',
  }),
  kind: 'step',
};

export const reductions = {
  ReduceMean: reduction({ moves: mean, kind: 'mean', float64: 'kernel', role: 'affine' }),
  ReduceSum: reduction({ moves: sum, kind: 'sum', float64: 'kernel', role: 'affine' }),
  ReduceMax: reduction({ moves: reduced, kind: 'max', float64: 'none', role: 'other' }),
  ReduceL2: reduction({ moves: reduced, kind: 'l2-norm', float64: 'none', role: 'other' }),
  ReduceL1: unexplained,
  ReduceLogSumExp: unexplained,
  ReduceMin: unexplained,
  ReduceProd: unexplained,
  ReduceSumSquare: unexplained,
  ArgMax: placeOfExtreme,
  ArgMin: placeOfExtreme,
} satisfies Readonly<Record<string, Operator>>;
