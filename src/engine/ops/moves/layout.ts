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
  const places = () => Array.from({ length: sizes[output] ?? 0 }, (_, i) => start + i);
  return taken(inputs[0] ?? [], passage.to, [{ axis, places }]);
};

export const sliced: Moves = ({ inputs: [from = []], integers, to }) => {
  const [starts, ends, steps] = [integers('starts'), integers('ends'), integers('steps')];
  const axes = integers('axes') ?? starts?.map((_, i) => i);
  if (!starts || !ends || !axes) return undefined;
  const cuts = axes.map((given, i) => {
    const axis = positiveAxis(given, from.length);
    const size = from[axis] ?? 0;
    return { axis, places: () => sliceRange(size, starts[i] ?? 0, ends[i] ?? 0, steps?.[i] ?? 1) };
  });
  return taken(from, to, cuts);
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
    ? { kind: 'taken', axis, places: () => places, inputs: [0], to: dims }
    : { kind: 'reduced', axes: [axis], kept: true, inputs: [0], to: dims };
  return indices.length === 1 ? [first] : [first, { kind: 'flat', inputs: [], to }];
};

export const tiled: Moves = ({ inputs: [from = []], to }) => {
  const cuts = from.flatMap((size, axis): Cut[] => {
    const length = to[axis] ?? size;
    return length === size
      ? []
      : [{ axis, places: () => Array.from({ length }, (_, i) => i % size) }];
  });
  return taken(from, to, cuts);
};

type Cut = Pick<Move<'taken'>, 'axis' | 'places'>;

/** Places of several axes, taken one axis after the other. */
function taken(from: Dims, to: Dims, cuts: readonly Cut[]): Move[] {
  let dims = from;
  const moves = cuts.map((cut, i): Move => {
    dims = dims.with(cut.axis, to[cut.axis] ?? 0);
    return { kind: 'taken', ...cut, inputs: i === 0 ? [0] : [], to: dims };
  });
  return moves.length > 0 ? moves : [{ kind: 'flat', inputs: [0], to }];
}
