/** Operators that only move elements. */
import { positiveAxis, sliceRange, type Dims } from '../axes';
import { sizeOf } from '../../onnx/tensor-bytes';
import type { Move, Moves } from '../movement';
import { axisOf } from './axis-of';

/** Reshape and its like. */
export const flat: Moves = ({ to }) => [{ kind: 'flat', inputs: [0], to }];

export const transposed: Moves = ({ node, to }) => {
  const order = node.attributes.perm ?? to.map((_, i) => to.length - 1 - i);
  return [{ kind: 'permuted', order, inputs: [0], to }];
};

export const concatenated: Moves = (passage) => {
  const inputs = passage.inputs.map((_, i) => i);
  return [{ kind: 'joined', axis: axisOf(passage, 0), inputs, to: passage.to }];
};

export const split: Moves = (passage) => {
  const { inputs, outputs, output } = passage;
  const axis = axisOf(passage, 0);
  const sizes = outputs.map((dims) => dims[axis] ?? 0);
  const start = sizes.slice(0, output).reduce((sum, size) => sum + size, 0);
  return taken(inputs[0] ?? [], [[axis, range(start, sizes[output] ?? 0)]]);
};

export const sliced: Moves = ({ inputs: [from = []], integers }) => {
  const [starts, ends, steps] = [integers('starts'), integers('ends'), integers('steps')];
  const axes = integers('axes') ?? starts?.map((_, i) => i);
  if (!starts || !ends || !axes) return undefined;
  return taken(
    from,
    axes.map((given, i) => {
      const axis = positiveAxis(given, from.length);
      const end = ends[i] ?? 0;
      return [axis, sliceRange(from[axis] ?? 0, starts[i] ?? 0, end, steps?.[i] ?? 1)];
    }),
  );
};

/** The indices' axes take the place of one axis. */
export const gathered: Moves = (passage) => {
  const { to } = passage;
  const [from = [], indices = []] = passage.inputs;
  const axis = axisOf(passage, 0);
  const size = from[axis] ?? 1;
  const places = passage.integers('indices')?.map((place) => positiveAxis(place, size));
  const dims = from.with(axis, sizeOf(indices));
  const first: Move = places
    ? { kind: 'taken', axis, places, inputs: [0], to: dims }
    : { kind: 'reduced', axes: [axis], kept: true, inputs: [0], to: dims };
  return indices.length === 1 ? [first] : [first, { kind: 'flat', inputs: [], to }];
};

export const tiled: Moves = ({ inputs: [from = []], integers }) => {
  const repeats = integers('repeats');
  const cuts = from.flatMap((size, axis): Cut[] => {
    const count = (repeats?.[axis] ?? 1) * size;
    return count === size ? [] : [[axis, range(0, count).map((place) => place % size)]];
  });
  return repeats && taken(from, cuts);
};

type Cut = readonly [axis: number, places: readonly number[]];

/** Places of several axes, taken one axis after the other. */
function taken(from: Dims, cuts: readonly Cut[]): Move[] {
  let to = from;
  const moves = cuts.map(([axis, places], i): Move => {
    to = to.with(axis, places.length);
    return { kind: 'taken', axis, places, inputs: i === 0 ? [0] : [], to };
  });
  return moves.length > 0 ? moves : [{ kind: 'flat', inputs: [0], to: from }];
}

function range(start: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => start + i);
}
