/** Otsu's threshold: the split of a map into much and little evidence that separates them best. */

const levels = 256;

export interface OtsuSplit {
  /** The level (0 … 255) up to which a value counts as little. */
  readonly threshold: number;
  /** 1 where the value lies above the threshold, else 0. */
  readonly mask: Uint8Array;
}

/**
 * Otsu's method (Otsu 1979, "A threshold selection method from gray-level histograms") on values
 * 0 … 1, quantised to 256 levels by truncation as the original's `(255 · map).astype(uint8)` does;
 * the lowest of equally good thresholds wins, as in OpenCV. A flat map has an empty mask.
 */
export function otsuSplit(values: Float32Array): OtsuSplit {
  const quantised = Uint8Array.from(values, (value) =>
    Math.trunc(Math.min(1, Math.max(0, value)) * (levels - 1)),
  );
  const threshold = otsuThreshold(quantised);
  return { threshold, mask: quantised.map((level) => (level > threshold ? 1 : 0)) };
}

/** The level that maximises the variance between the classes "up to it" and "above it". */
function otsuThreshold(quantised: Uint8Array): number {
  const counts = new Uint32Array(levels);
  let sum = 0;
  for (const level of quantised) {
    counts[level] = (counts[level] ?? 0) + 1;
    sum += level;
  }
  let best = quantised[0] ?? 0;
  let bestVariance = 0;
  let lowCount = 0;
  let lowSum = 0;
  counts.forEach((count, level) => {
    lowCount += count;
    lowSum += count * level;
    const highCount = quantised.length - lowCount;
    if (lowCount === 0 || highCount === 0) return;
    const distance = lowSum / lowCount - (sum - lowSum) / highCount;
    const variance = lowCount * highCount * distance * distance;
    if (variance > bestVariance) {
      bestVariance = variance;
      best = level;
    }
  });
  return best;
}
