/** A small map as a picture in a page: one pixel a patch, which the browser enlarges smoothly. */
import { colourMaps } from '../../shared/colour-map';
import { onScale } from '../../shared/colour-scale';
import { usualLook, type MapKind } from '../../shared/look';
import { shownMap, type MapCells } from '../../shared/shown-map';

const headerBytes = 54;

/**
 * A `data:` address of a 24-bit BMP, dark for little and bright for much relevance.
 *
 * @param map a value a patch
 * @throws RangeError when a value is not finite
 */
export function mapPicture(map: MapCells, kind: MapKind): string {
  const colours = colourMaps.viridis;
  const { values, scale } = shownMap(map, kind, map.shape, usualLook);
  const [rows, columns] = map.shape;
  const stride = Math.ceil((columns * 3) / 4) * 4;
  const file = Buffer.alloc(headerBytes + stride * rows);
  file.write('BM');
  file.writeUInt32LE(file.length, 2);
  file.writeUInt32LE(headerBytes, 10);
  file.writeUInt32LE(40, 14);
  file.writeInt32LE(columns, 18);
  file.writeInt32LE(rows, 22);
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(24, 28);
  onScale(values, scale).forEach((value, index) => {
    const row = rows - 1 - Math.floor(index / columns);
    const at = headerBytes + row * stride + (index % columns) * 3;
    const colour = Math.trunc(value * 255) * 3;
    // BMP keeps rows from below and blue first.
    for (let channel = 0; channel < 3; channel++)
      file[at + 2 - channel] = colours[colour + channel] ?? 0;
  });
  return `data:image/bmp;base64,${file.toString('base64')}`;
}
