/** Operators that lay the same elements out in another shape or order, or repeat them. */
import { sizeOf } from '../../onnx/tensor-bytes';
import { broadcast, positiveAxis, type Dims } from '../axes';
import { foldAway, foldExpand, foldLayout } from '../fold';
import { elementwise, elementwiseOfFirst } from '../moves/elementwise';
import { flat, tiled, transposed } from '../moves/layout';
import type { Operator } from '../operator';
import type { ShapeRule } from '../shape-query';
import { sameShape } from './forms';

/** The same elements in the same order, in another shape. */
function view(own: Pick<Operator, 'shape' | 'integers' | 'moves' | 'float64' | 'fold'>): Operator {
  return { ...own, elements: 0, kind: 'view', role: 'affine', cheap: true, noOp: 'same-shape' };
}

const reshape: ShapeRule = (query) => {
  const dims = query.input(0);
  const target = query.integers('shape');
  if (!target) throw query.mismatch('the new shape is missing');
  const allowZero = query.attributes.allowzero === 1;
  const known = target.map((dim, i) => (dim === 0 && !allowZero ? (dims[i] ?? 1) : dim));
  const rest = sizeOf(known.filter((dim) => dim !== -1));
  const shape = known.map((dim) => (dim === -1 ? sizeOf(dims) / rest : dim));
  if (sizeOf(shape) !== sizeOf(dims))
    throw query.mismatch(`it cannot become [${target.join(', ')}]`);
  return [shape];
};

/** Sides that depend on the picture are NaN. */
function reshapedTo(dims: Dims, stated: Dims | undefined): Dims | undefined {
  const target = stated?.map((dim, i) => (dim === 0 ? (dims[i] ?? 1) : dim));
  const rest = sizeOf(dims) / -sizeOf(target ?? []);
  return target?.map((dim) => (dim === -1 ? rest : dim));
}

function squeezed(dims: Dims, given: Dims | undefined): Dims {
  const axes = given?.map((axis) => positiveAxis(axis, dims.length));
  return dims.filter((dim, i) => !(axes?.includes(i) ?? dim === 1));
}

function unsqueezed(dims: Dims, given: Dims = []): Dims {
  const rank = dims.length + given.length;
  const axes = given.map((axis) => positiveAxis(axis, rank));
  const rest = [...dims];
  return Array.from({ length: rank }, (_, i) => (axes.includes(i) ? 1 : (rest.shift() ?? 1)));
}

const flatten: ShapeRule = (query) => {
  const dims = query.input(0);
  const axis = positiveAxis(query.attributes.axis ?? 1, dims.length);
  return [[sizeOf(dims.slice(0, axis)), sizeOf(dims.slice(axis))]];
};

const transpose: ShapeRule = (query) => {
  const dims = query.input(0);
  const order = query.attributes.perm ?? dims.map((_, i) => dims.length - 1 - i);
  return [order.map((axis) => dims[axis] ?? 1)];
};

const expand: ShapeRule = (query) => {
  const shape = broadcast(query.input(0), query.integers('shape') ?? []);
  if (!shape) throw query.mismatch('the shapes do not broadcast');
  return [shape];
};

const tile: ShapeRule = (query) => {
  const repeats = query.integers('repeats') ?? [];
  return [query.input(0).map((dim, i) => dim * (repeats[i] ?? 1))];
};

export const layout = {
  Reshape: view({
    shape: reshape,
    integers: { shape: 1 },
    moves: flat,
    float64: 'kernel',
    fold: foldLayout(reshapedTo),
  }),
  Squeeze: view({
    shape: (query) => [squeezed(query.input(0), query.integers('axes'))],
    integers: { axes: 1 },
    moves: flat,
    float64: 'kernel',
    fold: foldLayout(squeezed),
  }),
  Unsqueeze: view({
    shape: (query) => [unsqueezed(query.input(0), query.integers('axes'))],
    integers: { axes: 1 },
    moves: flat,
    float64: 'kernel',
    fold: foldLayout(unsqueezed),
  }),
  Flatten: view({ shape: flatten, integers: {}, moves: flat, float64: 'kernel', fold: 'none' }),
  Identity: {
    ...view({
      shape: sameShape,
      integers: {},
      moves: elementwise,
      float64: 'kernel',
      fold: foldAway,
    }),
    noOp: 'always',
  },
  Dropout: {
    ...view({
      shape: sameShape,
      integers: {},
      moves: elementwiseOfFirst,
      float64: 'none',
      fold: 'none',
    }),
    noOp: 'always',
  },
  Transpose: {
    shape: transpose,
    elements: 0,
    integers: {},
    moves: transposed,
    kind: 'transpose',
    float64: 'kernel',
    fold: 'none',
    role: 'affine',
    cheap: true,
    noOp: 'same-order',
  },
  Expand: {
    shape: expand,
    elements: 0,
    integers: { shape: 1 },
    moves: elementwiseOfFirst,
    kind: 'expand',
    float64: 'none',
    fold: foldExpand,
    role: 'affine',
    cheap: false,
    noOp: 'same-shape',
  },
  Tile: {
    shape: tile,
    elements: 0,
    integers: { repeats: 1 },
    moves: tiled,
    kind: 'none',
    float64: 'none',
    fold: 'none',
    role: 'other',
    cheap: false,
    noOp: 'same-shape',
  },
} satisfies Readonly<Record<string, Operator>>;
