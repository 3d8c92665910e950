/** Spearman's correlation against SciPy's figures. */
import { expect, it } from 'vitest';
import { spearman } from '../../src/shared/spearman';

function of(one: readonly number[], other: readonly number[]): number | undefined {
  return spearman(Float32Array.from(one), Float32Array.from(other));
}

it('is 1 for the same order, −1 for the reverse, whatever the distances', () => {
  expect(of([1, 2, 3, 4], [0, 10, 11, 1000])).toBeCloseTo(1, 12);
  expect(of([1, 2, 3, 4], [5, 3, 2, -7])).toBeCloseTo(-1, 12);
});

it('takes the mean rank of equal values', () => {
  // Ranks 1, 2.5, 2.5, 4 and 1, 3, 2, 4: 4.5 / √(4.5 · 5), as scipy.stats.spearmanr has it.
  expect(of([1, 2, 2, 3], [1, 3, 2, 4])).toBeCloseTo(0.9486832980505138, 12);
  // Ranks 1.5, 1.5, 3, 4.5, 4.5 and 2, 1, 4, 3, 5.
  expect(of([0, 0, 1, 2, 2], [2, 1, 4, 3, 5])).toBeCloseTo(7.5 / Math.sqrt(90), 12);
});

it('has nothing to tell where a list is the same everywhere', () => {
  expect(of([1, 1, 1], [1, 2, 3])).toBeUndefined();
  expect(of([], [])).toBeUndefined();
});

it('refuses lists of different lengths', () => {
  expect(() => of([1], [1, 2])).toThrow(RangeError);
});
