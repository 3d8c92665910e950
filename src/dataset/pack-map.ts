/** Packing the maps of a report. */
import type { MapCells } from '../shared/shown-map';
import type { PatchMap } from '../shared/sample-result';

/** Packs a map for a report. */
export function packMap(values: Float32Array, rows: number, columns: number): PatchMap {
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return { rows, columns, values: bytes.toString('base64') };
}

/** A packed map's cells. */
export function unpackCells(map: PatchMap): MapCells {
  return { values: unpackMap(map), shape: [map.rows, map.columns] };
}

/** The values of a packed map. */
export function unpackMap(map: PatchMap): Float32Array {
  const bytes = Buffer.from(map.values, 'base64');
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}
