/** A map drawn with characters. */
import { colourMaps } from '../shared/colour-map';
import type { Grid, Heatmap } from '../shared/explanation';
import { normaliseAroundZero, normaliseMinMax } from '../shared/upsample';

const ramp = ' .:-=+*#%@';
const resetColour = '\u001b[0m';

/**
 * One line for each row of patches, two characters wide for each patch.
 *
 * @param grid pixel maps are averaged down to it
 * @param colours whether the terminal shows 24-bit colours; shades of characters otherwise
 */
export function drawMap(
  { values, shape }: Heatmap,
  grid: Grid,
  signed: boolean,
  colours: boolean,
): string[] {
  const patches = averaged(values, shape, grid);
  const scaled = signed ? normaliseAroundZero(patches) : normaliseMinMax(patches);
  const [rows, columns] = grid;
  const paint = colours ? colourPainter(signed) : shade;
  return Array.from({ length: rows }, (_, row) => {
    const cells = scaled.subarray(row * columns, (row + 1) * columns);
    return `  ${Array.from(cells, paint).join('')}${colours ? resetColour : ''}`;
  });
}

function shade(value: number): string {
  return (ramp[Math.round(value * (ramp.length - 1))] ?? ' ').repeat(2);
}

function colourPainter(signed: boolean): (value: number) => string {
  const table = colourMaps[signed ? 'blue-red' : 'viridis'];
  return (value) => {
    const at = Math.round(value * 255) * 3;
    return `\u001b[48;2;${table.slice(at, at + 3).join(';')}m  `;
  };
}

function averaged(
  values: Float32Array,
  [height, width]: readonly [number, number],
  [rows, columns]: Grid,
): Float32Array {
  const sums = new Float64Array(rows * columns);
  const counts = new Uint32Array(rows * columns);
  values.forEach((value, at) => {
    const row = Math.floor((Math.floor(at / width) * rows) / height);
    const column = Math.floor(((at % width) * columns) / width);
    const patch = row * columns + column;
    sums[patch] = (sums[patch] ?? 0) + value;
    counts[patch] = (counts[patch] ?? 0) + 1;
  });
  return Float32Array.from(sums, (sum, patch) => sum / Math.max(1, counts[patch] ?? 0));
}
