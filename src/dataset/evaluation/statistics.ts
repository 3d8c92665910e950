/** Means of figures over pictures, and how far they can be trusted. */
import type { Mean, PairedDifference } from '../../shared/evaluation';
import { seededRandom } from '../../shared/random';

/** Undefined where there is no value. Standard error: sample standard deviation / √n. */
export function meanOf(values: readonly number[]): Mean | undefined {
  const pictures = values.length;
  if (pictures === 0) return undefined;
  const mean = values.reduce((sum, value) => sum + value, 0) / pictures;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const standardError = pictures === 1 ? undefined : Math.sqrt(squares / (pictures - 1) / pictures);
  return { pictures, mean, standardError };
}

const resamples = 2000;
/** The resamples of fewer pictures are a handful of means, all of them near the same. */
const fewestResampled = 5;
/** Every comparison draws the same pictures, whatever else is compared. */
const seed = 13;

/**
 * Mean of the differences between two methods on the same pictures with a 95 % interval: the
 * percentile bootstrap (Efron & Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13) over
 * the pictures.
 *
 * @param differences one a picture
 */
export function pairedDifference(differences: readonly number[]): PairedDifference | undefined {
  const whole = meanOf(differences);
  if (whole === undefined) return undefined;
  const { pictures, mean } = whole;
  if (pictures < fewestResampled) return { pictures, mean };
  const random = seededRandom(seed);
  const means = Float64Array.from({ length: resamples }, () => {
    let sum = 0;
    for (let drawn = 0; drawn < pictures; drawn++)
      sum += differences[Math.floor(random() * pictures)] ?? 0;
    return sum / pictures;
  }).sort();
  return {
    pictures,
    mean,
    interval: { low: quantile(means, 0.025), high: quantile(means, 0.975) },
  };
}

/** @param sorted ascending; between two of them the straight line, as NumPy does */
function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = sorted[Math.floor(place)] ?? NaN;
  const above = sorted[Math.ceil(place)] ?? NaN;
  return below + (above - below) * (place - Math.floor(place));
}

/** Mean of several lists of the same length, element by element. */
export function meanCurve(curves: readonly (readonly number[])[]): number[] {
  const [first = []] = curves;
  return first.map(
    (_, index) => curves.reduce((sum, curve) => sum + (curve[index] ?? 0), 0) / curves.length,
  );
}
