/** What operators of a form have in common. */
import { broadcast } from '../axes';
import type { Moves } from '../movement';
import type { Operator } from '../operator';
import type { ShapeRule } from '../shape-query';

/** The shape of the first input. */
export const sameShape: ShapeRule = (query) => [query.input(0)];

/** The shape to which all operands broadcast. */
export const broadcastShape: ShapeRule = (query) => {
  const shape = broadcast(...query.operands());
  if (!shape) throw query.mismatch('the operands do not broadcast');
  return [shape];
};

/** How elements move is not known. */
export const unmoved: Moves = () => undefined;

/** What is left to say of an operator that no walk passes: it is rewritten, held fixed, or has no rule. */
type Passive = Pick<Operator, 'shape' | 'elements' | 'integers' | 'moves' | 'role'>;

/** An operator without a backward rule. */
export function withoutRule(own: Passive): Operator {
  return { ...own, kind: 'none', float64: 'none', fold: 'none', cheap: false, noOp: 'never' };
}
