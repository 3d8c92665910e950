/** Two maps held against each other: where they lie, how far they agree, what one has more. */
import { describe, expect, it } from 'vitest';
import { agreementOf, formatAgreement } from '../../src/shared/compare/agreement';
import { alignMaps, type PlacedMap } from '../../src/shared/compare/align-maps';
import { mapDifference } from '../../src/shared/compare/map-difference';
import { scaleAroundZero, scaleFromZero } from '../../src/shared/colour-scale';

const whole = { imageWidth: 8, imageHeight: 4, left: 0, top: 0, width: 8, height: 4 };

function map(values: readonly number[], shape: readonly [number, number], more = {}): PlacedMap {
  return {
    values: Float32Array.from(values),
    shape,
    grid: shape,
    window: whole,
    picture: 'a',
    ...more,
  };
}

describe('alignMaps', () => {
  it('leaves maps on the same patches as they are', () => {
    const one = map([1, 2, 3, 4], [2, 2]);
    const aligned = alignMaps(one, map([5, 6, 7, 8], [2, 2]));
    expect([...(aligned?.one ?? [])]).toEqual([1, 2, 3, 4]);
    expect([...(aligned?.other ?? [])]).toEqual([5, 6, 7, 8]);
    expect(aligned?.place).toEqual(whole);
  });

  it('takes the means of finer patches, and of pixels over the patches', () => {
    const fine = map([1, 3, 5, 7, 1, 3, 5, 7], [2, 4], { grid: [1, 2] });
    const aligned = alignMaps(fine, map([0, 1], [1, 2]));
    expect(aligned?.shape).toEqual([1, 2]);
    expect([...(aligned?.one ?? [])]).toEqual([2, 6]);
  });

  it('holds against each other what both models saw of one picture', () => {
    const left = { ...whole, width: 4 };
    const right = { ...whole, left: 2, width: 4 };
    const one = map([1, 2], [1, 2], { window: left });
    const other = map([3, 4], [1, 2], { window: right });
    const aligned = alignMaps(one, other);
    expect(aligned?.place).toMatchObject({ left: 2, width: 2 });
    expect([...(aligned?.one ?? [])]).toEqual([2, 2]);
    expect([...(aligned?.other ?? [])]).toEqual([3, 3]);
    const apart = map([1, 2], [1, 2], { window: { ...whole, left: 6, width: 2 } });
    expect(alignMaps(one, apart)).toBeUndefined();
  });

  it('lays what was seen of two pictures over each other', () => {
    const one = map([1, 2], [1, 2], { window: { ...whole, width: 4 } });
    const other = map([3, 4], [1, 2], { window: { ...whole, left: 4, width: 4 }, picture: 'b' });
    expect([...(alignMaps(one, other)?.other ?? [])]).toEqual([3, 4]);
  });

  it('gives a patch that is cut in two its share in each', () => {
    const one = map([0, 6, 12], [1, 3]);
    const aligned = alignMaps(one, map([0, 1], [1, 2]));
    expect(aligned?.one[0]).toBeCloseTo(2, 6);
    expect(aligned?.one[1]).toBeCloseTo(10, 6);
  });
});

it('tells agreement in order, not in size', () => {
  const one = map([1, 2, 3, 4], [2, 2]);
  expect(agreementOf(one, map([10, 20, 300, 4000], [2, 2]))).toBeCloseTo(1);
  expect(agreementOf(one, map([1, 1, 1, 1], [2, 2]))).toBeUndefined();
  expect(formatAgreement(-0.956)).toBe('−0.96');
  expect(formatAgreement(undefined)).toBe('–');
});

describe('mapDifference', () => {
  it('counts each map in parts of its own scale', () => {
    const one = map([0, 100], [1, 2]);
    const other = map([1, 0.5], [1, 2]);
    const difference = mapDifference(
      { ...one, scale: scaleFromZero(one.values) },
      { ...other, scale: scaleFromZero(other.values) },
    );
    expect([...(difference?.shown.values ?? [])]).toEqual([-1, 0.5]);
    expect(difference?.shown.scale).toMatchObject({ low: -1, high: 1, diverging: true });
  });

  it('keeps the sign of maps that have both', () => {
    const one = map([-2, 2], [1, 2]);
    const scale = scaleAroundZero(one.values);
    const difference = mapDifference({ ...one, scale }, { ...map([0, 0], [1, 2]), scale });
    expect([...(difference?.shown.values ?? [])]).toEqual([-1, 1]);
  });
});
