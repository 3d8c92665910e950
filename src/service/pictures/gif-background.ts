/** The colour stored under the transparent pixels of a GIF, which libvips gives as black. */

const extensionBlock = 0x21;
const graphicControl = 0xf9;
const imageBlock = 0x2c;

/** @returns red, green, blue of the first frame's transparent index; undefined where it has none */
export function transparentColour(
  bytes: Uint8Array,
): readonly [number, number, number] | undefined {
  const screen = bytes[10] ?? 0;
  let table = 13;
  let at = table + tableBytes(screen);
  let index: number | undefined;
  while (at < bytes.length) {
    if (bytes[at] === extensionBlock) {
      if (bytes[at + 1] === graphicControl && ((bytes[at + 3] ?? 0) & 1) === 1)
        index = bytes[at + 6];
      at += 2;
      while ((bytes[at] ?? 0) !== 0) at += 1 + (bytes[at] ?? 0);
      at++;
    } else if (bytes[at] === imageBlock) {
      if (tableBytes(bytes[at + 9] ?? 0) > 0) table = at + 10;
      break;
    } else {
      return undefined;
    }
  }
  if (index === undefined) return undefined;
  const from = table + index * 3;
  return [bytes[from] ?? 0, bytes[from + 1] ?? 0, bytes[from + 2] ?? 0];
}

/** Of the colour table that these flags announce. */
function tableBytes(flags: number): number {
  return (flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1);
}
