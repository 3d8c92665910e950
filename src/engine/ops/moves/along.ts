/** Norms, softmax and their like: each place has a result of its own, from all that stand along some axes. */
import { positiveAxis, type Dims } from '../axes';
import type { Move, Moves } from '../movement';
import { axisOf } from './axis-of';

/** Over the last axes, from `axis` on; further outputs hold the statistics. */
export const alongLastAxes: Moves = (passage) => [
  {
    ...normed(passage.inputs[0] ?? [], axisOf(passage, -1), passage.output, passage.to),
    inputs: [0],
  },
];

/** The norm of a sum, its statistics, and the sum. */
export const skipNorm: Moves = ({ inputs: [from = []], output, to }) => {
  const sum: Move = { kind: 'elementwise', how: 'sum', inputs: [0, 1], to: from };
  return output === 3 ? [sum] : [sum, normed(from, from.length - 1, output, to)];
};

/** Over one axis. */
export const alongOneAxis: Moves = (passage) => [
  { kind: 'along', axes: [axisOf(passage, -1)], inputs: [0], to: passage.to },
];

/** Over one axis, which an input names. */
export const accumulated: Moves = ({ integers, to }) =>
  integers('axis')?.map((axis) => ({
    kind: 'along',
    axes: [positiveAxis(axis, to.length)],
    inputs: [0],
    to,
  }));

/** Over all places of a channel. */
export const alongPlaces: Moves = ({ to }) => [
  { kind: 'along', axes: axesFrom(to, 2), inputs: [0], to },
];

function normed(from: Dims, axis: number, output: number, to: Dims): Move {
  const axes = axesFrom(from, axis);
  return output === 0
    ? { kind: 'along', axes, inputs: [], to }
    : { kind: 'reduced', axes, kept: true, inputs: [], to };
}

function axesFrom(dims: Dims, first: number): number[] {
  return dims.flatMap((_, axis) => (axis < first ? [] : [axis]));
}
