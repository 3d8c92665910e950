/** How a map's relevance is spread over a coarse grid, in numbers and in words. */
import type { Heatmap } from './explanation';
import { formatShare } from './format-number';

/** Rows from top to bottom, columns from left to right. */
export type MassGrid = readonly [MassRow, MassRow, MassRow];
type MassRow = readonly [left: number, centre: number, right: number];

/**
 * The share of all positive relevance in each of 3 × 3 equal cells; together 1, or all 0 where
 * nothing is positive. A patch that lies in several cells counts in each by the area of it there.
 */
export function massGrid({ values, shape: [rows, columns] }: Pick<Heatmap, 'values' | 'shape'>) {
  const sums = new Float64Array(9);
  let total = 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const relevance = Math.max(0, values[row * columns + column] ?? 0);
      total += relevance;
      for (const [y, height] of thirds(row, rows)) {
        for (const [x, width] of thirds(column, columns)) {
          const cell = y * 3 + x;
          sums[cell] = (sums[cell] ?? 0) + relevance * height * width;
        }
      }
    }
  }
  const share = (cell: number): number => (total === 0 ? 0 : (sums[cell] ?? 0) / total);
  const rowOf = (row: number): MassRow => [share(3 * row), share(3 * row + 1), share(3 * row + 2)];
  return [rowOf(0), rowOf(1), rowOf(2)] satisfies MassGrid;
}

/** Three lines: `top: left 12 %, centre 30 %, right 1.0 %`. */
export function describeMassGrid([top, middle, bottom]: MassGrid): string {
  const line = (name: string, [left, centre, right]: MassRow): string =>
    `${name}: left ${formatShare(left)}, centre ${formatShare(centre)}, right ${formatShare(right)}`;
  return [line('top', top), line('middle', middle), line('bottom', bottom)].join('\n');
}

/** Which thirds the position-th of so many equal parts lies in, each with the share of the part there. */
function thirds(position: number, parts: number): readonly [third: number, share: number][] {
  const shares: [number, number][] = [];
  for (let third = 0; third < 3; third++) {
    const from = Math.max(position, (third * parts) / 3);
    const to = Math.min(position + 1, ((third + 1) * parts) / 3);
    if (to > from) shares.push([third, to - from]);
  }
  return shares;
}
