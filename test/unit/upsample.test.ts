import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normaliseMinMax, range, upsampleBilinear } from '../../src/shared/upsample';

describe('upsampleBilinear', () => {
  it('gives the numbers of interpolate(align_corners=False)', () => {
    // torch.nn.functional.interpolate(tensor([[[[0., 1.], [2., 3.]]]]), size=(4, 4), mode='bilinear')
    const up = upsampleBilinear(Float32Array.of(0, 1, 2, 3), [2, 2], [4, 4]);
    expect([...up]).toEqual([
      0, 0.25, 0.75, 1, 0.5, 0.75, 1.25, 1.5, 1.5, 1.75, 2.25, 2.5, 2, 2.25, 2.75, 3,
    ]);
  });

  it('leaves a map of the same size as it is', () => {
    fc.assert(
      fc.property(fc.float32Array({ minLength: 6, maxLength: 6, noNaN: true }), (values) => {
        fc.pre(values.every((value) => Math.abs(value) < 1e30));
        expect([...upsampleBilinear(values, [2, 3], [2, 3])].map(Math.abs)).toEqual(
          [...values].map(Math.abs),
        );
      }),
    );
  });

  it('refuses values that do not fill the grid', () => {
    expect(() => upsampleBilinear(new Float32Array(3), [2, 2], [4, 4])).toThrow(RangeError);
  });
});

describe('normalising', () => {
  it('stretches to 0 … 1', () => {
    expect([...normaliseMinMax(Float32Array.of(-1, 0, 3))]).toEqual([0, 0.25, 1]);
  });

  it('makes nothing of a flat map', () => {
    expect([...normaliseMinMax(Float32Array.of(5, 5))]).toEqual([0, 0]);
    expect(range(new Float32Array())).toEqual([0, 0]);
  });
});
