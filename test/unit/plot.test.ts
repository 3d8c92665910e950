/** What plots are drawn of: axes, points, and the patches that are left. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { takenAway, valueAt } from '../../src/webview/plot/kept-patches';
import { nearest, placeOn, scaleOf, stepTo } from '../../src/webview/plot/scale';

describe('an axis', () => {
  it('goes from 0 to a round number', () => {
    expect(scaleOf([0.3, 0.93])).toEqual({ low: 0, high: 1, ticks: [0, 0.5, 1] });
    expect(scaleOf([0.021, 0.07])).toEqual({
      low: 0,
      high: 0.08,
      ticks: [0, 0.02, 0.04, 0.06, 0.08],
    });
    expect(scaleOf([-3, 12]).ticks).toEqual([-5, 0, 5, 10, 15]);
    expect(scaleOf([-0.4, -0.1])).toEqual({
      low: -0.4,
      high: 0,
      ticks: [-0.4, -0.3, -0.2, -0.1, 0],
    });
  });

  it('has room for nothing at all', () => {
    expect(scaleOf([])).toEqual({ low: 0, high: 1, ticks: [0, 0.5, 1] });
    expect(scaleOf([0, 0]).high).toBeGreaterThan(0);
  });

  it('holds every value, with few ticks that rise and 0 among them', () => {
    const value = fc.integer({ min: -1e6, max: 1e6 }).map((whole) => whole / 1000);
    const values = fc.array(value, { minLength: 1 });
    fc.assert(
      fc.property(values, (list) => {
        const scale = scaleOf(list);
        const { low, high, ticks } = scale;
        for (const value of list) {
          expect(placeOn(scale, value)).toBeGreaterThan(-1e-6);
          expect(placeOn(scale, value)).toBeLessThan(1 + 1e-6);
        }
        expect(ticks.length).toBeGreaterThanOrEqual(2);
        expect(ticks.length).toBeLessThanOrEqual(7);
        expect([...ticks].sort((a, b) => a - b)).toEqual(ticks);
        expect(ticks.some((tick) => Math.abs(tick) < 1e-9 * (high - low))).toBe(true);
      }),
    );
  });
});

describe('the mark on a curve', () => {
  it('is at the nearest point', () => {
    const shares = [0, 0.1, 0.5, 1];
    expect([-1, 0.04, 0.06, 0.31, 0.9, 7].map((share) => nearest(shares, share))).toEqual([
      0, 0, 1, 2, 3, 3,
    ]);
    expect(nearest([], 0.5)).toBe(0);
  });

  it('moves by keys and stays on the curve', () => {
    expect(stepTo(3, 'ArrowRight', 11)).toBe(4);
    expect(stepTo(3, 'ArrowDown', 11)).toBe(2);
    expect(stepTo(10, 'ArrowUp', 11)).toBe(10);
    expect(stepTo(1, 'PageDown', 11)).toBe(0);
    expect(stepTo(1, 'PageUp', 11)).toBe(3);
    expect(stepTo(5, 'Home', 11)).toBe(0);
    expect(stepTo(5, 'End', 11)).toBe(10);
    expect(stepTo(5, 'a', 11)).toBeUndefined();
  });
});

describe('what is left of a picture', () => {
  it('is covered in one box a run of patches', () => {
    // 2 rows of 3; the two most relevant: the middle above, the last below.
    expect(takenAway([1, 5, 0, 2, 3, 4], 1 / 3, [2, 3])).toBe(
      'M0 0h1v1h-1zM2 0h1v1h-1zM0 1h2v1h-2z',
    );
    expect(takenAway([1, 5, 0, 2, 3, 4], 1, [2, 3])).toBe('');
    expect(takenAway([1, 5, 0, 2, 3, 4], 0, [2, 3])).toBe('M0 0h3v1h-3zM0 1h3v1h-3z');
  });

  it('covers exactly the patches that are away', () => {
    const order = [...Array.from({ length: 12 }).keys()].map((at) => (at * 7 + 2) % 12);
    for (const kept of [0.1, 0.25, 0.5]) {
      const covered = [...takenAway(order, kept, [3, 4]).matchAll(/M(\d+) (\d+)h(\d+)/g)].flatMap(
        ([, column, row, length]) =>
          Array.from({ length: Number(length) }, (_, at) => 4 * Number(row) + Number(column) + at),
      );
      const away = order.slice(Math.round(kept * 12)).sort((a, b) => a - b);
      expect(covered).toEqual(away);
    }
  });

  it('is answered by the curve, between its points too', () => {
    const shares = [0, 0.5, 1];
    const values = [0.8, 0.6, 0];
    expect(valueAt(shares, values, 0)).toBe(0.8);
    expect(valueAt(shares, values, 0.5)).toBe(0.6);
    expect(valueAt(shares, values, 0.75)).toBeCloseTo(0.3);
    expect(valueAt(shares, values, 1)).toBe(0);
    expect(valueAt([], [], 0.5)).toBeUndefined();
  });
});
