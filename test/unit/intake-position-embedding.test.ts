/** Against figures of torch.nn.functional.interpolate (`test/fixtures/intake/make_reference.py`). */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { resizePositionEmbedding } from '../../src/engine/intake/resize-position-embedding';
import { largestDifference } from '../fixtures/intake/run-model';

interface Case {
  readonly grid: readonly [number, number];
  readonly target: readonly [number, number];
  readonly antialias: boolean;
  readonly offset: number;
  readonly expected: readonly number[];
}

const file = path.resolve(import.meta.dirname, '../fixtures/intake/positions.json');
const cases = JSON.parse(await readFile(file, 'utf8')) as Case[];

test.each(cases)(
  '$grid to $target, antialias $antialias, offset $offset',
  ({ grid, target, antialias, offset, expected }) => {
    const values = Float32Array.from({ length: grid[0] * grid[1] * 2 }, (_, i) =>
      Math.sin(0.9 * i),
    );
    const resized = resizePositionEmbedding(values, 2, grid, target, { antialias, offset });
    expect(largestDifference(resized, expected)).toBeLessThan(1e-6);
  },
);

test('a constant stays a constant', () => {
  const values = new Float32Array(7 * 7).fill(3);
  for (const antialias of [false, true]) {
    const resized = resizePositionEmbedding(values, 1, [7, 7], [4, 11], { antialias, offset: 0 });
    expect(largestDifference(resized, new Float32Array(44).fill(3))).toBeLessThan(1e-6);
  }
});
