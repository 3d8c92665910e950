/** Operators that join tensors, or take places of an axis. */
import { positiveAxis, sliceRange } from '../axes';
import { foldConcat, foldGather } from '../fold';
import { choice } from '../moves/elementwise';
import * as moves from '../moves/layout';
import { sorted } from '../moves/reduction';
import { padded } from '../moves/window';
import type { Operator } from '../operator';
import type { ShapeRule } from '../shape-query';
import { sameShape, unmoved, withoutRule } from './forms';

const concat: ShapeRule = (query) => {
  const first = query.input(0);
  const axis = positiveAxis(query.attributes.axis ?? 0, first.length);
  let total = 0;
  for (const dims of query.operands()) {
    if (dims.length !== first.length || dims.some((dim, a) => a !== axis && dim !== first[a]))
      throw query.mismatch('the parts do not fit side by side');
    total += dims[axis] ?? 0;
  }
  return [first.map((dim, i) => (i === axis ? total : dim))];
};

const split: ShapeRule = (query) => {
  const dims = query.input(0);
  const { outputCount } = query.node;
  const axis = positiveAxis(query.attributes.axis ?? 0, dims.length);
  const total = dims[axis] ?? 0;
  const part = Math.ceil(total / outputCount);
  const sizes =
    query.integers('split') ??
    Array.from({ length: outputCount }, (_, i) => Math.min(part, total - i * part));
  return sizes.map((size) => dims.map((dim, i) => (i === axis ? size : dim)));
};

const slice: ShapeRule = (query) => {
  const dims = [...query.input(0)];
  const starts = query.integers('starts') ?? [];
  const ends = query.integers('ends') ?? [];
  const axes = query.integers('axes') ?? starts.map((_, i) => i);
  const steps = query.integers('steps') ?? starts.map(() => 1);
  for (const [i, axisGiven] of axes.entries()) {
    const axis = positiveAxis(axisGiven, dims.length);
    const range = sliceRange(dims[axis] ?? 0, starts[i] ?? 0, ends[i] ?? 0, steps[i] ?? 1);
    dims[axis] = range.length;
  }
  return [dims];
};

const gather: ShapeRule = (query) => {
  const dims = query.input(0);
  const axis = positiveAxis(query.attributes.axis ?? 0, dims.length);
  return [[...dims.slice(0, axis), ...query.input(1), ...dims.slice(axis + 1)]];
};

const gatherNd: ShapeRule = (query) => {
  const indices = query.input(1);
  const batch = query.attributes.batch_dims ?? 0;
  return [[...indices.slice(0, -1), ...query.input(0).slice(batch + (indices.at(-1) ?? 0))]];
};

const pad: ShapeRule = (query) => {
  const dims = query.input(0);
  const pads = query.integers('pads') ?? [];
  const axes =
    query.integers('axes')?.map((axis) => positiveAxis(axis, dims.length)) ?? dims.map((_, i) => i);
  const padded = [...dims];
  for (const [i, axis] of axes.entries())
    padded[axis] = (padded[axis] ?? 0) + (pads[i] ?? 0) + (pads[i + axes.length] ?? 0);
  return [padded];
};

const topK: ShapeRule = (query) => {
  const dims = query.input(0);
  const axis = positiveAxis(query.attributes.axis ?? -1, dims.length);
  const k = query.integers('k')?.[0] ?? 1;
  const shape = dims.map((dim, i) => (i === axis ? k : dim));
  return [shape, shape];
};

const oneHot: ShapeRule = (query) => {
  const dims = query.input(0);
  const depth = query.integers('depth')?.[0] ?? 0;
  const axis = positiveAxis(query.attributes.axis ?? -1, dims.length + 1);
  return [[...dims.slice(0, axis), depth, ...dims.slice(axis)]];
};

/** An operator of the same values, some of them, with a backward rule. */
function taken(
  own: Pick<Operator, 'shape' | 'integers' | 'moves' | 'kind' | 'fold' | 'cheap'>,
): Operator {
  return { ...own, elements: 0, float64: 'kernel', role: 'affine', noOp: 'never' };
}

const ofFirst = { elements: 0, integers: {}, role: 'other' } as const;

export const parts = {
  Concat: taken({
    shape: concat,
    integers: {},
    moves: moves.concatenated,
    kind: 'concat',
    fold: foldConcat,
    cheap: false,
  }),
  Split: taken({
    shape: split,
    integers: { split: 1 },
    moves: moves.split,
    kind: 'split',
    fold: 'none',
    cheap: true,
  }),
  Slice: taken({
    shape: slice,
    integers: { starts: 1, ends: 2, axes: 3, steps: 4 },
    moves: moves.sliced,
    kind: 'slice',
    fold: 'none',
    cheap: false,
  }),
  Gather: taken({
    shape: gather,
    integers: { indices: 1 },
    moves: moves.gathered,
    kind: 'gather',
    fold: foldGather,
    cheap: false,
  }),
  GatherElements: withoutRule({ ...ofFirst, shape: (query) => [query.input(1)], moves: unmoved }),
  GatherND: withoutRule({ ...ofFirst, shape: gatherNd, moves: unmoved }),
  ScatterElements: withoutRule({ ...ofFirst, shape: sameShape, moves: unmoved }),
  ScatterND: withoutRule({ ...ofFirst, shape: sameShape, moves: unmoved }),
  Trilu: withoutRule({ ...ofFirst, shape: sameShape, moves: choice }),
  Pad: withoutRule({ ...ofFirst, shape: pad, integers: { pads: 1, axes: 3 }, moves: padded }),
  /** Its second output holds the places of the first. */
  TopK: withoutRule({
    shape: topK,
    elements: (_, output) => (output === 0 ? 0 : 'int64'),
    integers: { k: 1 },
    moves: sorted,
    role: 'deciding',
  }),
  /** Its third input holds the values. */
  OneHot: withoutRule({
    shape: oneHot,
    elements: 2,
    integers: { depth: 1 },
    moves: unmoved,
    role: 'deciding',
  }),
} satisfies Readonly<Record<string, Operator>>;
