/** Facts that live on one axis of a tensor: each move that leaves the axis alone takes them along. */
import type { Dims } from '../ops/axes';
import { landing, type Move } from '../ops/movement';
import type { Domain, Operand } from './follow';

export interface OnAxis {
  readonly axis: number;
}

/** What becomes of a fact where a move touches its own axis; undefined where nothing is known any more. */
export interface OwnAxis<Fact, Result> {
  /** True if two operands may go on as one; both stand on the same axis. */
  readonly agree: (a: Fact, b: Fact) => boolean;
  readonly along: (fact: Fact) => Result | undefined;
  /** Asked before the axis that keeps its size: cut into several, joined with others. */
  readonly flat: (fact: Fact, from: Dims, to: Dims) => Result | undefined;
  /** Operands one behind the other; those without a fact hold something else. */
  readonly joined: (operands: readonly Operand<Fact>[], axis: number) => Result | undefined;
  readonly taken: (fact: Fact, places: readonly number[]) => Result | undefined;
  readonly reduced: (fact: Fact, move: Move<'reduced'>) => Result | undefined;
  readonly window: (fact: Fact, move: Move<'window'>) => Result | undefined;
  /** Of the operands that are followed, in their order; undefined for one whose axis is summed over. */
  readonly product: (sides: readonly (Fact | undefined)[]) => Result | undefined;
}

/** Nothing is known any more. */
export function forget(): undefined {
  return undefined;
}

export function keep<Fact>(fact: Fact): Fact {
  return fact;
}

/** What several operands agree on; undefined if one of them has lost its axis. */
export function agreed<Fact extends OnAxis>(
  [first, ...others]: readonly (Fact | undefined)[],
  agree: (a: Fact, b: Fact) => boolean,
): Fact | undefined {
  const isSame = (fact: Fact | undefined) =>
    first && fact && fact.axis === first.axis && agree(first, fact);
  return others.every(isSame) ? first : undefined;
}

export function domainOnAxis<Fact extends OnAxis, Result = Fact>(
  own: OwnAxis<Fact, Result>,
): Domain<Fact, Fact | Result> {
  type Operands = readonly Operand<Fact>[];
  /** The facts of the operands that have one, where their axes land. */
  const landed = (move: Move, operands: Operands) =>
    operands.flatMap(({ fact, dims }, i) => {
      if (!fact) return [];
      const axis = landing(move, i, fact.axis, dims);
      return [axis === undefined ? undefined : { ...fact, axis }];
    });
  const all = (move: Move, operands: Operands) => agreed(landed(move, operands), own.agree);
  /** The only operand of a move: its fact is taken along, or its axis is touched. */
  const only = (move: Move, operands: Operands, touched: (fact: Fact) => Result | undefined) => {
    const fact = operands[0]?.fact;
    return all(move, operands) ?? (fact && touched(fact));
  };
  return {
    elementwise: all,
    along: (move, operands) => only(move, operands, own.along),
    flat: (move, operands) =>
      operands.map(({ fact, dims }) => fact && own.flat(fact, dims, move.to))[0] ??
      all(move, operands),
    permuted: all,
    joined: (move, operands) => {
      const isOwn = operands.every(({ fact }) => fact === undefined || fact.axis === move.axis);
      return isOwn ? own.joined(operands, move.axis) : all(move, operands);
    },
    taken: (move, operands) => only(move, operands, (fact) => own.taken(fact, move.places())),
    reduced: (move, operands) => only(move, operands, (fact) => own.reduced(fact, move)),
    window: (move, operands) => only(move, operands, (fact) => own.window(fact, move)),
    product: (move, operands) => own.product(landed(move, operands)),
  };
}
