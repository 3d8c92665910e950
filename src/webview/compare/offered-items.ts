/** What a person may choose on an axis: what is chosen, and what there is besides. */
import { classKey } from '../../shared/compare/compared-class';
import type { Axis, Comparison } from '../../shared/compare/comparison';
import type { ComparisonState } from '../../shared/compare/comparison-state';

const offeredRanks = 10;

export function offeredItems(
  { methods, models }: Pick<ComparisonState, 'methods' | 'models'>,
  { spread, held }: Pick<Comparison, 'spread' | 'held'>,
  axis: Axis,
): readonly string[] {
  const chosen = [...spread[axis], held[axis]];
  switch (axis) {
    case 'methods':
      return inOrder(
        methods.map(({ id }) => id),
        chosen,
      );
    case 'models':
      return inOrder(
        models.map(({ id }) => id),
        chosen,
      );
    case 'pictures':
      return [...new Set(chosen)];
    case 'classes': {
      const ranks = Array.from({ length: offeredRanks }, (_, at) =>
        classKey({ kind: 'ranked', rank: at + 1 }),
      );
      return inOrder(ranks, chosen);
    }
  }
}

/** What there is by itself in its order, then what a person added. */
function inOrder(known: readonly string[], chosen: readonly string[]): readonly string[] {
  return [...new Set([...known, ...chosen])];
}
