/** A map drawn with characters. */
import { colourMaps } from '../shared/colour-map';
import { onScale } from '../shared/colour-scale';
import type { ShownMap } from '../shared/shown-map';

const ramp = ' .:-=+*#%@';
const resetColour = '\u001b[0m';

/**
 * One line for each row of patches, two characters wide for each patch.
 *
 * @param colours whether the terminal shows 24-bit colours; shades of characters otherwise
 */
export function drawMap({ values, shape, scale }: ShownMap, colours: boolean): string[] {
  const unit = onScale(values, scale);
  const [rows, columns] = shape;
  const paint = colours ? colourPainter(scale.diverging) : shade;
  return Array.from({ length: rows }, (_, row) => {
    const cells = unit.subarray(row * columns, (row + 1) * columns);
    return `  ${Array.from(cells, paint).join('')}${colours ? resetColour : ''}`;
  });
}

function shade(value: number): string {
  return (ramp[Math.round(value * (ramp.length - 1))] ?? ' ').repeat(2);
}

function colourPainter(diverging: boolean): (value: number) => string {
  const table = colourMaps[diverging ? 'blue-red' : 'viridis'];
  return (value) => {
    const at = Math.round(value * 255) * 3;
    return `\u001b[48;2;${table.slice(at, at + 3).join(';')}m  `;
  };
}
