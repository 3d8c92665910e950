import { describe, expect, it } from 'vitest';
import { describeMassGrid, massGrid } from '../../src/shared/mass-grid';

const flat = (shape: readonly [number, number], values: readonly number[]) => ({
  shape,
  values: Float32Array.from(values),
});

describe('the coarse grid of a map', () => {
  it('takes 3 × 3 patches as they are', () => {
    const grid = massGrid(flat([3, 3], [1, 2, 3, 4, 0, 0, 0, 0, 10]));
    expect(grid.flat()).toEqual([0.05, 0.1, 0.15, 0.2, 0, 0, 0, 0, 0.5]);
  });

  it('divides patches that lie in several cells by area', () => {
    const [top, middle, bottom] = massGrid(flat([2, 1], [3, 0]));
    const sum = (row: readonly number[]) => row.reduce((all, one) => all + one, 0);
    expect(sum(top)).toBeCloseTo(2 / 3);
    expect(sum(middle)).toBeCloseTo(1 / 3);
    expect(sum(bottom)).toBe(0);
    for (const share of top) expect(share).toBeCloseTo(2 / 9);
  });

  it.each([
    [14, 14],
    [7, 16],
    [224, 224],
  ])('adds up to 1 for %i × %i', (rows, columns) => {
    const values = Array.from({ length: rows * columns }, (_, at) => ((at * 37) % 11) - 3);
    const total = massGrid(flat([rows, columns], values))
      .flat()
      .reduce((all, one) => all + one, 0);
    expect(total).toBeCloseTo(1);
  });

  it('leaves out what speaks against, and survives a map of nothing', () => {
    expect(massGrid(flat([3, 3], [-1, 1, 0, 0, 0, 0, 0, 0, 0])).flat()[1]).toBe(1);
    expect(massGrid(flat([3, 3], Array<number>(9).fill(-1))).flat()).toEqual(Array(9).fill(0));
  });

  it('is told row by row', () => {
    const grid = massGrid(flat([3, 3], [1, 2, 3, 4, 0, 0, 0, 0, 10]));
    expect(describeMassGrid(grid).replaceAll('\u00A0', ' ')).toBe(
      'top: left 5.0 %, centre 10 %, right 15 %\n' +
        'middle: left 20 %, centre 0 %, right 0 %\n' +
        'bottom: left 0 %, centre 0 %, right 50 %',
    );
  });
});
