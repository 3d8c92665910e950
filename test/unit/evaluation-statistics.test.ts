/** Beside NumPy: `test/fixtures/evaluation/statistics.py` works the figures out on its own. */
import { describe, expect, it } from 'vitest';
import { meanCurve, meanOf, pairedDifference } from '../../src/dataset/evaluation/statistics';
import fixture from '../fixtures/evaluation/statistics.json';

describe('figures over pictures', () => {
  it.each(fixture.cases)('of $values.length values are those of NumPy', (expected) => {
    const { values, mean, standardError, low, high } = expected;
    const found = meanOf(values);
    expect(found?.pictures).toBe(values.length);
    expect(found?.mean).toBeCloseTo(mean, 12);
    expect(found?.standardError).toBeCloseTo(standardError, 12);
    const paired = pairedDifference(values);
    expect(paired?.mean).toBeCloseTo(mean, 12);
    if (values.length < 5) return;
    expect(paired?.interval?.low).toBeCloseTo(low, 12);
    expect(paired?.interval?.high).toBeCloseTo(high, 12);
  });

  it('are none where there is no picture, and have no error where there is one', () => {
    expect(meanOf([])).toBeUndefined();
    expect(pairedDifference([])).toBeUndefined();
    expect(meanOf([0.3])).toEqual({ pictures: 1, mean: 0.3, standardError: undefined });
  });

  it('have no interval where there are too few pictures to resample', () => {
    expect(pairedDifference([0.3, 0.3, 0.3, 0.3])).toEqual({ pictures: 4, mean: 0.3 });
    expect(pairedDifference([0.3, 0.3, 0.3, 0.3, 0.3])?.interval).toEqual({ low: 0.3, high: 0.3 });
  });

  it('the mean of curves is that of each point', () => {
    const found = meanCurve(fixture.curves);
    expect(found).toHaveLength(fixture.meanCurve.length);
    found.forEach((value, index) => expect(value).toBeCloseTo(fixture.meanCurve[index] ?? 0, 12));
  });
});
