/** Which numbers of a picture of more than 8 bits become black and white, and what is said of it. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeImage } from '../../src/service/pictures/decode';
import { toBytes } from '../../src/service/pictures/levels';

function levelled(...numbers: number[]) {
  return toBytes(
    'a.tif',
    { numbers: Float32Array.from(numbers), kind: '32-bit float' },
    undefined,
    undefined,
  );
}

describe('floats', () => {
  it.each<[string, number[], [low: number, high: number], number[]]>([
    ['shares', [0, 0.5, 1], [0, 1], [0, 128, 255]],
    ['shares that ring above 1', [0, 0.5, 1.0098], [0, 1], [0, 128, 255]],
    ['shares that ring on both sides', [-0.05, 0.5, 1.1], [0, 1], [0, 128, 255]],
    ['nothing', [0, 0, 0], [0, 1], [0, 0, 0]],
    ['light beyond white', [0, 1, 2], [0, 2], [0, 128, 255]],
    ['light far beyond white', [0, 5, 10], [0, 10], [0, 128, 255]],
    ['bytes', [0, 128, 254], [0, 255], [0, 128, 254]],
    ['differences', [-0.1, 0, 0.1], [Math.fround(-0.1), Math.fround(0.1)], [0, 128, 255]],
    ['normalised values', [-2, 0, 2], [-2, 2], [0, 128, 255]],
  ])('that are %s', (_, numbers, range, bytes) => {
    const { data, levels, remarks } = levelled(...numbers);
    expect([levels.low, levels.high]).toEqual(range);
    expect([...data]).toEqual(bytes);
    expect(remarks[0]?.predicate).toContain(
      `${Number(range[0].toPrecision(6))} … ${Number(range[1].toPrecision(6))} became black … white`,
    );
  });

  it('are said to be cut off where they are', () => {
    expect(levelled(0, 1.2).remarks[0]?.predicate).toContain('what lies beyond as well');
    expect(levelled(0, 1).remarks[0]?.predicate).not.toContain('beyond');
  });

  it.each<[string, number[]]>([
    ['hardly any light', [0, 0.1, 0.2]],
    ['dark bytes', [0, 10, 20]],
    ['one number', [7, 7, 7]],
  ])('that end nearly flat are said to: %s', (_, numbers) => {
    expect(levelled(...numbers).remarks.map(({ kind }) => kind)).toEqual([
      'stretched',
      'small-range',
    ]);
  });

  it.each([NaN, Infinity, -Infinity])('that are all %d are no picture', (number) => {
    expect(() => levelled(number, number)).toThrow(
      expect.objectContaining({
        code: 'image-unreadable',
        message: expect.stringContaining('holds no numbers') as string,
      }) as Error,
    );
  });
});

it('a file of nothing but NaN is not read', async () => {
  const bytes = readFileSync(
    path.resolve(import.meta.dirname, '../fixtures/pictures/grey_float_0_1.tif'),
  );
  // The strip of 11 × 7 numbers: where its offset (tag 273) says.
  const entry = bytes.indexOf(Buffer.from([0x11, 1, 4, 0, 1, 0, 0, 0]));
  const from = bytes.readUInt32LE(entry + 8);
  for (let at = 0; at < 77; at++) bytes.writeFloatLE(NaN, from + 4 * at);
  await expect(decodeImage(bytes, 'nan.tif')).rejects.toMatchObject({
    code: 'image-unreadable',
    message:
      '“nan.tif” could not be read as a picture: it holds no numbers, only NaN or infinite ones.',
  });
});
