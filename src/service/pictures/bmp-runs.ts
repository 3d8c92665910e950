/** The run lengths of bitmaps (BI_RLE8, BI_RLE4). */

/**
 * Pixels that are jumped over have index 0, and runs beyond the picture are left out.
 *
 * @param nibbles 4 bits a pixel instead of 8
 * @returns a palette index a pixel, in the order of the file; undefined where the runs end too early
 */
export function paintRuns(
  bytes: Uint8Array,
  width: number,
  height: number,
  nibbles: boolean,
): Uint8Array | undefined {
  const indices = new Uint8Array(width * height);
  let column = 0;
  let row = 0;
  let at = 0;
  const put = (index: number) => {
    if (column < width && row < height) indices[row * width + column] = index;
    column++;
  };
  while (at + 1 < bytes.length && row < height) {
    const count = bytes[at] ?? 0;
    const value = bytes[at + 1] ?? 0;
    at += 2;
    if (count > 0) {
      for (let one = 0; one < count; one++) put(nibbles ? nibble(value, one) : value);
    } else if (value === 0) {
      column = 0;
      row++;
    } else if (value === 1) {
      return indices;
    } else if (value === 2) {
      column += bytes[at] ?? 0;
      row += bytes[at + 1] ?? 0;
      at += 2;
    } else {
      for (let one = 0; one < value; one++) {
        const byte = bytes[at + (nibbles ? one >> 1 : one)] ?? 0;
        put(nibbles ? nibble(byte, one) : byte);
      }
      const length = nibbles ? (value + 1) >> 1 : value;
      at += length + (length % 2);
    }
  }
  // The mark of the end may be missing, but no pixels.
  return row >= height || (row === height - 1 && column >= width) ? indices : undefined;
}

/** The upper half first. */
function nibble(byte: number, one: number): number {
  return one % 2 === 0 ? byte >> 4 : byte & 15;
}
