/** What a map's figures mean for a person. */
import type { Faithfulness, FaithfulnessFigures } from '../../shared/faithfulness';
import { formatDecimals } from '../../shared/format-number';

/** In root mean squares of random orders: what one order of twenty reaches by luck, as of normal numbers. */
const beyondLuck = 1.64;

/** @param luck root mean square of the `abc` of random orders */
export function verdictOf(
  { abc }: FaithfulnessFigures,
  controls: Faithfulness['controls'],
  luck: number,
): Pick<Faithfulness, 'trusted' | 'sentence'> {
  const centre = controls.centre.abc;
  const bar = Math.max(centre, beyondLuck * luck);
  const trusted = abc > bar;
  const figures = `${formatDecimals(abc, 2)} (a guess at random: 0 ± ${formatDecimals(luck, 2)}, the middle of the picture: ${formatDecimals(centre, 2)})`;
  if (trusted) {
    return {
      trusted,
      sentence: `Faithful here: the order of its patches is worth ${figures}.`,
    };
  }
  const loser =
    abc <= centre ? 'the middle of the picture does as well' : 'luck alone may do as well';
  return {
    trusted,
    sentence: `Do not rely on it here: ${loser}. The order of its patches is worth ${figures}.`,
  };
}
