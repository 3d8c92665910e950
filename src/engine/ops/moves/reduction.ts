/** Operators that make one value, or a few, of all that stand along some axes. */
import { positiveAxis } from '../axes';
import type { Move, Moves } from '../movement';
import { axisOf } from './axis-of';

const over =
  (how?: Move<'reduced'>['how']): Moves =>
  (passage) => {
    const { node, to } = passage;
    const [from = []] = passage.inputs;
    const given = passage.integers('axes') ?? [];
    const isAll = given.length === 0;
    if (isAll && node.attributes.noop_with_empty_axes)
      return [{ kind: 'elementwise', inputs: [0], to }];
    const axes = isAll
      ? from.map((_, i) => i)
      : given.map((axis) => positiveAxis(axis, from.length));
    const kept = node.attributes.keepdims !== 0;
    return [{ kind: 'reduced', axes, kept, inputs: [0], to, ...(how && { how }) }];
  };

export const reduced = over();
export const mean = over('mean');
export const sum = over('sum');

/** Over the places of each channel. */
export const meanOfPlaces: Moves = ({ to }) => {
  const axes = to.flatMap((_, axis) => (axis < 2 ? [] : [axis]));
  return [{ kind: 'reduced', axes, kept: true, how: 'mean', inputs: [0], to }];
};

/** The place of an extreme value of an axis. */
export const placeAlongAxis: Moves = (passage) => {
  const { node, to } = passage;
  const kept = node.attributes.keepdims !== 0;
  return [{ kind: 'reduced', axes: [axisOf(passage, 0)], kept, inputs: [0], to }];
};

/** Some values of an axis, in another order. */
export const sorted: Moves = (passage) => [
  { kind: 'reduced', axes: [axisOf(passage, -1)], kept: true, inputs: [0], to: passage.to },
];

/** All but the first axis goes into each value. */
export const byPicture: Moves = ({ to }) => {
  const axes = to.flatMap((_, axis) => (axis === 0 ? [] : [axis]));
  return [{ kind: 'reduced', axes, kept: true, inputs: [0], to }];
};
