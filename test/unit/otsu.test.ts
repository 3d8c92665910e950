import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { otsuSplit } from '../../src/shared/otsu';

/** Between-class variance of a split, the plain way. */
function variance(levels: readonly number[], threshold: number): number {
  const low = levels.filter((level) => level <= threshold);
  const high = levels.filter((level) => level > threshold);
  if (low.length === 0 || high.length === 0) return 0;
  const mean = (part: readonly number[]): number =>
    part.reduce((sum, level) => sum + level, 0) / part.length;
  return low.length * high.length * (mean(low) - mean(high)) ** 2;
}

describe('otsuSplit', () => {
  it('separates two groups of values', () => {
    const { mask, threshold } = otsuSplit(Float32Array.of(0, 0.1, 0.12, 0.8, 0.9, 1));
    expect([...mask]).toEqual([0, 0, 0, 1, 1, 1]);
    expect(threshold).toBe(Math.trunc(0.12 * 255));
  });

  it('finds nothing in a flat map', () => {
    expect([...otsuSplit(new Float32Array(9)).mask]).toEqual(new Array(9).fill(0));
    expect([...otsuSplit(new Float32Array(9).fill(1)).mask]).toEqual(new Array(9).fill(0));
  });

  it('is the best split there is, whatever the values', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 1 }), (levels) => {
        const { threshold } = otsuSplit(Float32Array.from(levels, (level) => (level + 0.5) / 255));
        const best = Math.max(...Array.from({ length: 256 }, (_, t) => variance(levels, t)));
        expect(variance(levels, threshold)).toBeCloseTo(best, 6);
      }),
    );
  });
});
