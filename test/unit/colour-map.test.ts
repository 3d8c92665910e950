import { describe, expect, it } from 'vitest';
import { colourMaps, isColourMapName } from '../../src/shared/colour-map';
import {
  divergingColourMaps,
  sequentialColourMaps,
  type ColourMapName,
} from '../../src/shared/colour-map-names';

const all = [...sequentialColourMaps, ...divergingColourMaps];

function colour(name: ColourMapName, index: number): readonly number[] {
  return [...colourMaps[name].subarray(index * 3, index * 3 + 3)];
}

/** CIE lightness L* of an sRGB colour (D65). */
function lightness([red = 0, green = 0, blue = 0]: readonly number[]): number {
  const linear = (value: number): number =>
    value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4;
  const y = 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
  return y > 0.008856 ? 116 * Math.cbrt(y) - 16 : 903.3 * y;
}

describe('colour maps', () => {
  it.each(all)('$name has 256 colours and is known by name', ({ name }) => {
    expect(colourMaps[name]).toHaveLength(256 * 3);
    expect(isColourMapName(name)).toBe(true);
  });

  it('lists every table once', () => {
    expect(all.map(({ name }) => name).sort()).toEqual(Object.keys(colourMaps).sort());
  });

  it('knows no name that only objects have', () => {
    expect(isColourMapName('toString')).toBe(false);
    expect(isColourMapName('rainbow')).toBe(false);
  });

  // Published ends and middles of matplotlib's tables, in 8 bits.
  it.each([
    ['viridis', [68, 1, 84], [33, 145, 140], [253, 231, 37]],
    ['inferno', [0, 0, 4], [188, 55, 84], [252, 255, 164]],
    ['magma', [0, 0, 4], [183, 55, 121], [252, 253, 191]],
    ['plasma', [13, 8, 135], [204, 71, 120], [240, 249, 33]],
    ['cividis', [0, 34, 78], [125, 124, 120], [254, 232, 56]],
    ['turbo', [48, 18, 59], [164, 252, 60], [122, 4, 3]],
  ] as const)('%s has the published colours', (name, first, middle, last) => {
    expect(colour(name, 0)).toEqual(first);
    expect(colour(name, 255)).toEqual(last);
    colour(name, 128).forEach((value, channel) => {
      expect(Math.abs(value - (middle[channel] ?? 0))).toBeLessThanOrEqual(2);
    });
  });

  it('draws jet as OpenCV does', () => {
    expect(colour('jet', 0)).toEqual([0, 0, 128]);
    expect(colour('jet', 96)).toEqual([2, 255, 254]);
    expect(colour('jet', 127)).toEqual([126, 255, 130]);
    expect(colour('jet', 255)).toEqual([128, 0, 0]);
  });

  it.each(['viridis', 'inferno', 'magma', 'plasma', 'cividis'] as const)(
    '%s grows evenly in lightness',
    (name) => {
      const steps = Array.from(
        { length: 8 },
        (_, i) =>
          lightness(colour(name, Math.round(((i + 1) * 255) / 8))) -
          lightness(colour(name, Math.round((i * 255) / 8))),
      );
      const mean = steps.reduce((sum, step) => sum + step, 0) / steps.length;
      for (const step of steps) expect(Math.abs(step - mean)).toBeLessThan(0.5 * mean);
    },
  );

  it.each(divergingColourMaps)(
    '$name is white in the middle and even on both sides',
    ({ name }) => {
      expect(Math.min(...colour(name, 127))).toBeGreaterThan(235);
      for (let step = 0; step < 128; step++) {
        const low = lightness(colour(name, step));
        expect(Math.abs(low - lightness(colour(name, 255 - step)))).toBeLessThan(9);
        expect(lightness(colour(name, step + 1))).toBeGreaterThan(low - 1);
      }
    },
  );
});
