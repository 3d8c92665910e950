/** What a measured change of a map means for a person. */
import type { Stability } from '../shared/explanation';

/** Above this the arithmetic, and not the evidence, shapes the map. */
const trustedChange = 0.05;

/** @param relativeChange relative L2 change of the map when the input changes by a millionth */
export function judged(relativeChange: number): Stability {
  const change = `${(relativeChange * 100).toPrecision(2)} %`;
  const trusted = relativeChange <= trustedChange;
  return {
    relativeChange,
    trusted,
    sentence: trusted
      ? `Stable: the map changes by ${change} when every pixel changes by a millionth.`
      : `Unstable: the map changes by ${change} when every pixel changes by a millionth, so do not read details into it.`,
  };
}
