/**
 * Deletion and insertion curves over patches (Petsiuk, Das, Saenko: RISE, BMVC 2018; over patches of
 * a ViT as positive and negative perturbation in Chefer, Gur, Wolf, CVPR 2021).
 */
import type { Curve, FaithfulnessFigures } from '../../shared/faithfulness';
import type { TargetScore } from './target';

/**
 * How many patches are away at each point of a curve, from none to `most`, evenly.
 * @param steps points behind the first one; fewer where there are fewer patches
 */
export function countsAway(patches: number, most: number, steps: number): number[] {
  const counts = Array.from({ length: steps + 1 }, (_, i) =>
    Math.min(most, Math.round((i * patches) / steps)),
  );
  return [...new Set(counts)];
}

export function curveOf(scores: readonly TargetScore[]): Curve {
  return {
    probability: scores.map(({ probability }) => probability),
    logit: scores.map(({ logit }) => logit),
  };
}

/** Area under a curve by the trapezoid rule over the width of `shares`: its mean, in its own unit. */
export function meanOfCurve(shares: readonly number[], values: readonly number[]): number {
  let area = 0;
  for (let i = 1; i < shares.length; i++) {
    const width = (shares[i] ?? 0) - (shares[i - 1] ?? 0);
    area += (width * ((values[i] ?? 0) + (values[i - 1] ?? 0))) / 2;
  }
  return area / ((shares.at(-1) ?? 1) - (shares[0] ?? 0));
}

/** ABC, deletion and insertion of one order; for units and ranges see `FaithfulnessFigures`. */
export function figuresOfCurves(
  shares: readonly number[],
  mostFirst: Curve,
  leastFirst: Curve,
): FaithfulnessFigures {
  const deletion = meanOfCurve(shares, mostFirst.probability);
  const insertion = meanOfCurve(shares, leastFirst.probability);
  return {
    abc: insertion - deletion,
    abcLogit: meanOfCurve(shares, leastFirst.logit) - meanOfCurve(shares, mostFirst.logit),
    deletion,
    insertion,
  };
}
