import { expect, it } from 'vitest';
import { drawMap } from '../../src/cli/draw-map';
import { colourMaps } from '../../src/shared/colour-map';
import { usualLook, type Evidence } from '../../src/shared/look';
import { shownMap } from '../../src/shared/shown-map';

const shape = [2, 2] as const;

function plain(values: Float32Array) {
  return shownMap({ shape, values }, { signed: false, pixels: false }, shape, usualLook);
}

it('draws two characters a patch, the darkest for the least', () => {
  const values = Float32Array.from([0, 1, 2, 3]);
  expect(drawMap(plain(values), false)).toEqual(['    --', '  **@@']);
});

it('puts zero in the middle of a map of both signs, and leaves out one of them otherwise', () => {
  const values = Float32Array.from([-2, 0, 0, 1]);
  const signed = { signed: true, pixels: false };
  const draw = (evidence: Evidence) =>
    drawMap(shownMap({ shape, values }, signed, shape, { ...usualLook, evidence }), false);
  expect(draw('for-and-against')).toEqual(['    ++', '  ++##']);
  expect(draw('for')).toEqual(['      ', '    @@']);
});

it('sums pixels to patches', () => {
  const values = Float32Array.from([0, 0, 6, 6, 0, 0, 6, 6, 1, 1, 0, 0, 5, 5, 0, 0]);
  const pixels = { signed: false, pixels: true };
  const lines = drawMap(shownMap({ shape: [4, 4], values }, pixels, shape, usualLook), false);
  // Of four values, the scale ends a little below the largest.
  expect(lines).toEqual(['    @@', '  ++  ']);
});

it('colours the cells where the terminal can', () => {
  const values = Float32Array.from([0, 1, 0, 1]);
  const [first = ''] = drawMap(plain(values), true);
  const yellow = colourMaps.viridis.slice(255 * 3).join(';');
  expect(first).toContain(`\u001b[48;2;${yellow}m  `);
  expect(first.endsWith('\u001b[0m')).toBe(true);
});
