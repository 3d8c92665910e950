import { expect, it } from 'vitest';
import { drawMap } from '../../src/cli/draw-map';
import { colourMaps } from '../../src/shared/colour-map';

const map = { index: 0, label: 'a', shape: [2, 2] as const };

it('draws two characters a patch, the darkest for the least', () => {
  const values = Float32Array.from([0, 1, 2, 3]);
  expect(drawMap({ ...map, values }, [2, 2], false, false)).toEqual(['    --', '  **@@']);
});

it('puts zero in the middle of a signed map', () => {
  const values = Float32Array.from([-2, 0, 0, 1]);
  expect(drawMap({ ...map, values }, [2, 2], true, false)).toEqual(['    ++', '  ++##']);
});

it('averages pixels to patches', () => {
  const values = Float32Array.from([0, 0, 6, 6, 0, 0, 6, 6, 1, 1, 0, 0, 5, 5, 0, 0]);
  const lines = drawMap({ ...map, shape: [4, 4], values }, [2, 2], false, false);
  expect(lines).toEqual(['    @@', '  ++  ']);
});

it('colours the cells where the terminal can', () => {
  const values = Float32Array.from([0, 1, 0, 1]);
  const [first = ''] = drawMap({ ...map, values }, [2, 2], false, true);
  const yellow = colourMaps.viridis.slice(255 * 3).join(';');
  expect(first).toContain(`\u001b[48;2;${yellow}m  `);
  expect(first.endsWith('\u001b[0m')).toBe(true);
});
