/** Operators that give each element from the elements at the same place. */
import type { Move, Moves } from '../movement';

const of =
  (how?: Move<'elementwise'>['how']): Moves =>
  ({ node, to }) => {
    const inputs = node.inputs.flatMap((name, i) => (name === '' ? [] : [i]));
    return [{ kind: 'elementwise', inputs, to, ...(how && { how }) }];
  };

export const elementwise = of();
export const sum = of('sum');
export const product = of('product');
export const quotient = of('quotient');
/** Takes one of its operands at each place, or none. */
export const choice = of('choice');

/** Of the first input alone: the others are parameters. */
export const elementwiseOfFirst: Moves = ({ to }) => [{ kind: 'elementwise', inputs: [0], to }];
