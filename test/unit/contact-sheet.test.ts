import sharp from 'sharp';
import { expect, it } from 'vitest';
import { contactSheet } from '../../src/service/pictures/contact-sheet';
import { colourMaps } from '../../src/shared/colour-map';
import type { ColourMapName } from '../../src/shared/colour-map-names';
import { usualLook, type Look } from '../../src/shared/look';
import { resultOf } from '../fixtures/panel/panel-facts';

const side = 336;
const gap = 12;
const left = 2 * gap + side;
const values = Float32Array.of(-8, 0, 0, 2);

/** The sheet of a black picture with that map: colours of its corners, and how high it is. */
async function sheetOf(
  map: Float32Array,
  method: { signed: boolean; pixels: boolean },
  look: Look,
) {
  const black = { width: 8, height: 8, channels: 3, background: 'black' } as const;
  const bytes = await sharp({ create: black }).png().toBuffer();
  const { png } = await contactSheet({
    image: { kind: 'encoded', bytes, name: 'black.png' },
    result: resultOf({
      modelId: 'a',
      method: 'libra_fullgrad',
      topK: [],
      heatmaps: [{ index: 0, label: 'cat', values: map, shape: [2, 2] }],
    }),
    method,
    look,
  });
  const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
  const pixel = (x: number, y: number) => [
    ...data.subarray((y * info.width + x) * info.channels).subarray(0, 3),
  ];
  return {
    height: info.height,
    first: pixel(left, gap),
    last: pixel(left + side - 1, gap + side - 1),
  };
}

/** Over black, laid on by that share. */
function over(name: ColourMapName, position: number, share: number): number[] {
  return Array.from(colourMaps[name].subarray(position * 3, position * 3 + 3), (level) =>
    Math.round(level * share),
  );
}

const signed = { signed: true, pixels: false };

it('shows what speaks for a class on a scale of its own', async () => {
  const { first, last } = await sheetOf(values, signed, usualLook);
  expect(first).toEqual(over('viridis', 0, 0.75 * 0.3));
  expect(last).toEqual(over('viridis', 255, 0.75));
});

it('shows both signs on one scale on demand', async () => {
  const { first, last } = await sheetOf(values, signed, {
    ...usualLook,
    evidence: 'for-and-against',
  });
  expect(first).toEqual(over('blue-red', 0, 0.75));
  expect(last).toEqual(over('blue-red', Math.trunc(0.625 * 255), 0.75 * 0.5));
});

it('has a line more for each thing that is to be said of the drawing', async () => {
  const heights = [];
  for (const kind of [{ signed: false, pixels: false }, signed, { signed: true, pixels: true }]) {
    const { height } = await sheetOf(values, kind, usualLook);
    heights.push(height);
  }
  const [plain = 0] = heights;
  expect(heights).toEqual([plain, plain + 18, plain + 36]);
  // A class that nothing speaks for says so below its name.
  const unsigned = { signed: false, pixels: false };
  const { height } = await sheetOf(new Float32Array(4), unsigned, usualLook);
  expect(height).toBe(plain + 18);
});
