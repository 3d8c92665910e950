import { describe, expect, it } from 'vitest';
import { onScale, robustScale, scaleAroundZero, wholeScale } from '../../src/shared/colour-scale';
import { usualLook, type Look, type MapKind } from '../../src/shared/look';
import { shownInShort, shownInWords } from '../../src/shared/shown-in-words';
import { positivePart, shownMap, type ShownMap } from '../../src/shared/shown-map';
import { randomNormal } from '../fixtures/build-vit';

const signed: MapKind = { signed: true, pixels: false };
const pixelKind: MapKind = { signed: true, pixels: true };
const both: Look = { ...usualLook, evidence: 'for-and-against' };
const pixelwise: Look = { ...usualLook, grain: 'pixels' };

/** Row-major normal values with a mean. */
function noise(cells: number, seed: number, mean = 0): Float32Array {
  const random = randomNormal(seed);
  return Float32Array.from({ length: cells }, () => random() + mean);
}

function square(values: Float32Array, kind: MapKind, look: Look, patches?: number): ShownMap {
  const side = Math.sqrt(values.length);
  const grid = patches ?? side;
  return shownMap({ values, shape: [side, side] }, kind, [grid, grid], look);
}

describe('evidence for a class', () => {
  it.each([1, 2, 3])('of a map turned around is what spoke against it (%i)', (seed) => {
    const values = noise(196, seed, 0.3);
    const turned = square(
      values.map((value) => -value),
      signed,
      usualLook,
    ).values;
    // Both zeros are zero.
    expect(turned.map((value) => value + 0)).toEqual(
      values.map((value) => (value < 0 ? -value : 0)),
    );
    const parts = positivePart(values).map((value, at) => value - (turned[at] ?? NaN));
    expect(parts).toEqual(values);
  });

  it('has a scale of its own, from nothing to the strongest', () => {
    const values = Float32Array.of(-100, 0, 1, 2);
    const shown = square(values, signed, usualLook);
    expect(shown.scale).toEqual({ low: 0, high: 2, diverging: false, clipped: false });
    expect([...onScale(shown.values, shown.scale)]).toEqual([0, 0, 0.5, 1]);
    expect(shown.raw).toBe(values);
    expect(shownInWords(shown, signed)).toBe('Only what speaks for it is drawn, on its own scale.');
  });

  it('stands beside what speaks against on one scale, zero in the middle', () => {
    const shown = square(Float32Array.of(-4, 0, 1, 2), signed, both);
    expect([...onScale(shown.values, shown.scale)]).toEqual([0, 0.5, 0.625, 0.75]);
    expect(shownInWords(shown, signed)).toContain('for and against is drawn, on one scale');
  });

  it.each([
    ['all zero', Float32Array.of(0, 0, 0, 0)],
    ['all negative', Float32Array.of(-1, -2, -3, -4)],
  ])('is nowhere in a map that is %s', (_, values) => {
    const shown = square(values, signed, usualLook);
    expect([...onScale(shown.values, shown.scale)]).toEqual([0, 0, 0, 0]);
    expect(shownInWords(shown, signed)).toBe('');
  });

  it('is all there is of a method without a sign, from the smallest value to the largest', () => {
    const values = Float32Array.of(1, 2, 3, 5);
    for (const look of [usualLook, both, pixelwise]) {
      const shown = square(values, { signed: false, pixels: false }, look);
      expect([...onScale(shown.values, shown.scale)]).toEqual([0, 0.25, 0.5, 1]);
      expect(shownInWords(shown, { signed: false, pixels: false })).toBe('');
    }
  });
});

describe('a map of pixels', () => {
  const values = noise(64 * 64, 4);

  it('is summed patch by patch, signs and all, before its positive part is taken', () => {
    const shown = square(values, pixelKind, usualLook, 8);
    expect([shown.shape, shown.grain]).toEqual([[8, 8], 'patches']);
    let first = 0;
    for (let row = 0; row < 8; row++)
      for (let column = 0; column < 8; column++) first += values[row * 64 + column] ?? NaN;
    expect(shown.raw[0]).toBeCloseTo(first, 4);
    const total = (of: Float32Array) => of.reduce((sum, value) => sum + value, 0);
    expect(total(shown.raw)).toBeCloseTo(total(values), 2);
    expect(shown.values).toEqual(positivePart(shown.raw));
    expect(shownInWords(shown, pixelKind)).toContain('ixels are summed by patch');
  });

  it('is drawn pixel by pixel on demand', () => {
    const shown = square(values, pixelKind, { evidence: 'for-and-against', grain: 'pixels' }, 8);
    expect([shown.shape, shown.grain]).toEqual([[64, 64], 'pixels']);
    expect(shown.values).toBe(values);
  });

  it('keeps its colours when one pixel sticks out', () => {
    const outlier = values.with(2000, 1e6);
    const look: Look = { ...both, grain: 'pixels' };
    const calm = square(values, pixelKind, look, 8);
    const wild = square(outlier, pixelKind, look, 8);
    expect(wild.scale.clipped).toBe(true);
    expect(wild.scale.high / calm.scale.high).toBeCloseTo(1, 1);
    expect(wild.scale.low).toBe(-wild.scale.high);
    const unit = onScale(wild.values, wild.scale);
    expect(unit[2000]).toBe(1);
    // A hundredth of the values lies beyond the ends.
    const ends = unit.filter((value) => value === 0 || value === 1).length;
    expect(ends / unit.length).toBeGreaterThan(0.005);
    expect(ends / unit.length).toBeLessThan(0.015);
    expect(shownInWords(wild, pixelKind)).toContain('99th percentile');
    expect(shownInShort(pixelKind, look, true)).toEqual([
      'evidence for and against',
      'pixel by pixel, up to the 99th percentile',
    ]);
  });

  it('ends at the 99th percentile as NumPy has it', () => {
    // numpy.percentile(numpy.arange(1, 11), 99) is 9.91.
    const ten = Float32Array.from({ length: 10 }, (_, at) => (at % 2 === 0 ? at + 1 : -at - 1));
    const scale = robustScale(scaleAroundZero(ten), ten);
    expect([scale.low, scale.high]).toEqual([expect.closeTo(-9.91, 5), expect.closeTo(9.91, 5)]);
  });

  it('keeps a scale where nearly everything is zero', () => {
    const lonely = new Float32Array(1000).with(7, 3);
    expect(robustScale(wholeScale(lonely), lonely)).toEqual(wholeScale(lonely));
  });
});

it.each([NaN, Infinity, -Infinity])('refuses a map with %d in it', (value) => {
  const values = Float32Array.of(1, value, 2, 3);
  expect(() => square(values, signed, usualLook)).toThrow(RangeError);
  expect(() => square(values, pixelKind, usualLook, 1)).toThrow(/not finite/);
});

it('has lines for a caption that a caption has room for', () => {
  for (const kind of [signed, pixelKind, { signed: false, pixels: true }]) {
    for (const look of [usualLook, both, pixelwise]) {
      for (const line of shownInShort(kind, look, true))
        expect(line.length).toBeLessThanOrEqual(42);
    }
  }
  expect(shownInShort({ signed: false, pixels: false }, both, false)).toEqual([]);
});
