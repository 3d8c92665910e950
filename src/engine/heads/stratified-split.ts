import { seededRandom, shuffled } from '../../shared/random';

export interface Split {
  readonly train: Int32Array;
  readonly validation: Int32Array;
}

/**
 * Holds out `share` of every class's rows (rounded, at least one, at most all but one), chosen by
 * `seed`. Every class needs two rows. Row numbers come back in ascending order.
 */
export function stratifiedSplit(labels: Int32Array, share: number, seed: number): Split {
  const byClass = new Map<number, number[]>();
  labels.forEach((label, row) => {
    const rows = byClass.get(label);
    if (rows === undefined) byClass.set(label, [row]);
    else rows.push(row);
  });
  const random = seededRandom(seed);
  const train: number[] = [];
  const validation: number[] = [];
  for (const label of [...byClass.keys()].sort((a, b) => a - b)) {
    const rows = byClass.get(label) ?? [];
    const held = Math.min(rows.length - 1, Math.max(1, Math.round(rows.length * share)));
    shuffled(rows.length, random).forEach((position, place) => {
      const row = rows[position];
      if (row !== undefined) (place < held ? validation : train).push(row);
    });
  }
  return { train: ascending(train), validation: ascending(validation) };
}

function ascending(rows: number[]): Int32Array {
  return Int32Array.from(rows).sort();
}
