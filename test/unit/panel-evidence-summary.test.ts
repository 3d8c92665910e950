import { describe, expect, it } from 'vitest';
import { isWholePicture, summariseEvidence } from '../../src/shared/evidence-summary';
import type { Heatmap } from '../../src/shared/explanation';

const whole = { classSpecific: true, signed: false, wholePicture: true };

/** A 14 × 14 map with Gaussian blobs at the given places (0 … 1 from the left and from the top). */
function blobs(...centres: readonly (readonly [x: number, y: number, weight?: number])[]): Heatmap {
  const side = 14;
  const values = Float32Array.from({ length: side * side }, (_, at) => {
    const x = ((at % side) + 0.5) / side;
    const y = (Math.floor(at / side) + 0.5) / side;
    return centres.reduce(
      (sum, [cx, cy, weight = 1]) =>
        sum + weight * Math.exp(-((x - cx) ** 2 + (y - cy) ** 2) / 0.01),
      0,
    );
  });
  return { index: 0, label: 'cat', values, shape: [side, side] };
}

describe('summariseEvidence', () => {
  it.each([
    [0.5, 0.5, 'in the centre'],
    [0.2, 0.5, 'left of the centre'],
    [0.8, 0.5, 'right of the centre'],
    [0.5, 0.2, 'above the centre'],
    [0.5, 0.8, 'below the centre'],
    [0.2, 0.2, 'at the upper left'],
    [0.85, 0.85, 'at the lower right'],
  ])('names the place of a spot at %f, %f', (x, y, place) => {
    const sentence = summariseEvidence(blobs([x, y]), whole);
    expect(sentence).toMatch(
      new RegExp(
        `^Evidence for “cat” is strongest ${place}; half of it lies in [\\d.]+.% of the picture\\.$`,
      ),
    );
  });

  it('names two places that are about as strong', () => {
    const sentence = summariseEvidence(blobs([0.2, 0.2], [0.8, 0.8, 0.9]), whole);
    expect(sentence).toContain('strongest at the upper left and at the lower right');
  });

  it('says how much of the picture holds half of the evidence', () => {
    const values = new Float32Array(100);
    values[55] = 1;
    const spot: Heatmap = { index: 0, label: 'cat', values, shape: [10, 10] };
    expect(summariseEvidence(spot, whole)).toContain(
      'half of it lies in 1.0\u00A0% of the picture',
    );
  });

  it('says so when the evidence is everywhere', () => {
    const even = { ...blobs(), values: new Float32Array(196).fill(1) };
    expect(summariseEvidence(even, whole)).toContain('spread widely; half of it lies in 50\u00A0%');
  });

  it('says so when there is none', () => {
    expect(summariseEvidence({ ...blobs(), values: new Float32Array(196) }, whole)).toContain(
      'The map is empty',
    );
  });

  it('tells what speaks against the class', () => {
    const values = Float32Array.from({ length: 4 }, (_, at) => [3, -1, 0, 0][at] ?? 0);
    const signed = { index: 0, label: 'cat', values, shape: [2, 2] as const };
    expect(summariseEvidence(signed, { ...whole, signed: true })).toContain(
      '25\u00A0% of the relevance speaks against it',
    );
  });

  it('speaks of the part the model saw, and of attention where no class is meant', () => {
    const sentence = summariseEvidence(blobs([0.5, 0.5]), {
      classSpecific: false,
      signed: false,
      wholePicture: false,
    });
    expect(sentence).toMatch(/^The attention is strongest .* of the part the model saw\.$/);
  });

  it('finds the place in a map of pixels among its noise', () => {
    const coarse = blobs([0.8, 0.2]);
    const side = 224;
    const values = Float32Array.from({ length: side * side }, (_, at) => {
      const row = Math.floor(Math.floor(at / side) / 16);
      const column = Math.floor((at % side) / 16);
      return (coarse.values[row * 14 + column] ?? 0) * (0.5 + ((at * 7919) % 101) / 100);
    });
    const sentence = summariseEvidence({ ...coarse, values, shape: [side, side] }, whole);
    expect(sentence).toContain('strongest at the upper right;');
  });
});

describe('isWholePicture', () => {
  const picture = { imageWidth: 200, imageHeight: 100 };

  it.each([
    ['squashed', { left: 0, top: 0, width: 200, height: 100 }, true],
    ['all but a sliver', { left: 0.5, top: 0, width: 199, height: 100 }, true],
    ['a centre crop', { left: 50, top: 0, width: 100, height: 100 }, false],
    ['with a border', { left: 0, top: -50, width: 200, height: 200 }, false],
    ['a crop and a border', { left: 10, top: -40, width: 180, height: 180 }, false],
  ])('%s', (_, window, whole) => {
    expect(isWholePicture({ ...picture, ...window })).toBe(whole);
  });
});
