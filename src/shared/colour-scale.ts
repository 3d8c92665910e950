/** Which relevance takes which colour. */
import { range } from './upsample';

/** From the relevance at one end of the colours to that at the other. */
export interface ColourScale {
  readonly low: number;
  readonly high: number;
  /** Whether zero takes the middle, between evidence against and for. */
  readonly diverging: boolean;
  /** Whether there is more relevance than the ends say, which takes their colours. */
  readonly clipped: boolean;
}

/** From the smallest to the largest value. */
export function wholeScale(values: Float32Array): ColourScale {
  const [low, high] = range(values);
  return { low, high, diverging: false, clipped: false };
}

/** From zero to the largest value of a map that has none below. */
export function scaleFromZero(values: Float32Array): ColourScale {
  return { low: 0, high: range(values)[1], diverging: false, clipped: false };
}

/** As far below zero as above: to the largest magnitude. */
export function scaleAroundZero(values: Float32Array): ColourScale {
  const extent = largestMagnitude(values);
  return { low: -extent, high: extent, diverging: true, clipped: false };
}

/**
 * The same scale, but ending at the 99th percentile of the magnitudes, so that a few strong pixels
 * leave colours for the others. A map that is zero nearly everywhere keeps its scale.
 */
export function robustScale(scale: ColourScale, values: Float32Array): ColourScale {
  const end = percentile(values.map(Math.abs), 0.99);
  const clipped = end > 0 && end < largestMagnitude(values);
  if (!clipped) return scale;
  return { ...scale, low: Math.max(scale.low, -end), high: Math.min(scale.high, end), clipped };
}

/**
 * Values as places among the colours, 0 … 1. Where there is no relevance all takes the colour of
 * none: 0, or the middle of a diverging scale.
 */
export function onScale(values: Float32Array, { low, high, diverging }: ColourScale): Float32Array {
  const span = high - low;
  if (!(span > 0)) return new Float32Array(values.length).fill(diverging ? 0.5 : 0);
  return values.map((value) => Math.min(1, Math.max(0, (value - low) / span)));
}

function largestMagnitude(values: Float32Array): number {
  const [low, high] = range(values);
  return Math.max(Math.abs(low), Math.abs(high));
}

/** Between the two nearest in order, linearly, as NumPy's `percentile` does; 0 of nothing. */
function percentile(values: Float32Array, share: number): number {
  const sorted = values.toSorted();
  const at = share * (sorted.length - 1);
  const below = sorted[Math.floor(at)] ?? 0;
  const above = sorted[Math.ceil(at)] ?? below;
  return below + (above - below) * (at - Math.floor(at));
}
