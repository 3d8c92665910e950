/** Operators that only move elements. */
import { positiveAxis, sliceRange } from '../../onnx/infer-shape';
import { sizeOf } from '../../onnx/tensor-bytes';
import type { Dims, Move, Moves } from '../movement';
import { axisOf, integersAt, integersOf } from './arguments';

/** Reshape and its like. */
export const flat: Moves = ({ to }) => [{ kind: 'flat', inputs: [0], to }];

export const transposed: Moves = (passage) => {
  const { to } = passage;
  const order = integersOf(passage, 'perm') ?? to.map((_, i) => to.length - 1 - i);
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

export const sliced: Moves = (passage) => {
  const [from = []] = passage.inputs;
  const starts = integersAt(passage, 1, 'starts');
  const ends = integersAt(passage, 2, 'ends');
  const axes = integersAt(passage, 3, 'axes') ?? starts?.map((_, i) => i);
  const steps = passage.numbers(4);
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
  const places = passage.numbers(1)?.map((place) => positiveAxis(place, size));
  const dims = from.with(axis, sizeOf(indices));
  const first: Move = places
    ? { kind: 'taken', axis, places, inputs: [0], to: dims }
    : { kind: 'reduced', axes: [axis], kept: true, inputs: [0], to: dims };
  return indices.length === 1 ? [first] : [first, { kind: 'flat', inputs: [], to }];
};

export const tiled: Moves = ({ inputs: [from = []], numbers }) => {
  const repeats = numbers(1);
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
