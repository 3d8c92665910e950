/** Every form of picture beside what Pillow reads of it (test/fixtures/pictures/make.py). */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeImage } from '../../src/service/pictures/decode';

const folder = path.resolve(import.meta.dirname, '../fixtures/pictures');

interface Expected {
  readonly width: number;
  readonly height: number;
  /** Hexadecimal R, G, B; by Pillow, or by the form's own definition. */
  readonly pillow?: string;
  readonly values?: string;
  readonly tolerance: number;
  readonly remarks: readonly string[];
}

const expected = JSON.parse(readFileSync(path.join(folder, 'expected.json'), 'utf8')) as Readonly<
  Record<string, Expected>
>;

describe('a picture is read as Pillow reads it', () => {
  it.each(Object.entries(expected))('%s', async (name, { width, height, ...right }) => {
    const picture = await decodeImage(readFileSync(path.join(folder, name)), name);
    expect([picture.width, picture.height]).toEqual([width, height]);
    const values = Buffer.from(right.pillow ?? right.values ?? '', 'hex');
    expect(picture.data).toHaveLength(values.length);
    const furthest = values.reduce(
      (most, value, at) => Math.max(most, Math.abs(value - (picture.data[at] ?? NaN))),
      0,
    );
    expect(furthest).toBeLessThanOrEqual(right.tolerance);
    expect(picture.remarks.map(({ kind }) => kind).sort()).toEqual([...right.remarks].sort());
  });
});
