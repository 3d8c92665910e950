/**
 * Windows and OS/2 bitmaps, which libvips does not read: 1 to 32 bits, palettes, bit masks, run
 * lengths, from the bottom up or from the top down. Values as Pillow gives them.
 */
import type { Stored } from './stored';
import { paintRuns } from './bmp-runs';
import { checkSize, endsEarly, unreadable } from './unreadable';

interface Header {
  readonly width: number;
  readonly height: number;
  readonly topDown: boolean;
  readonly bits: number;
  readonly compression: number;
  /** Where the pixels begin. */
  readonly offset: number;
  /** Red, green, blue and, where there is one, alpha. */
  readonly masks: readonly number[];
  readonly palette: Uint8Array;
}

const plainRgb = 0;
const rle8 = 1;
const rle4 = 2;
const bitFields = 3;
const alphaFields = 6;
const coreHeader = 12;
const infoHeader = 40;
const fileHeader = 14;

/** Lengths of the second header, of OS/2 and Windows: a text may begin with BM too. */
const headerSizes = [coreHeader, 16, infoHeader, 52, 56, 64, 108, 124];

export function isBmp(bytes: Uint8Array): boolean {
  const [b, m] = bytes;
  const size = Buffer.from(bytes.subarray(fileHeader, fileHeader + 4));
  return b === 0x42 && m === 0x4d && size.length === 4 && headerSizes.includes(size.readUInt32LE());
}

/** @throws Failure `image-unreadable`, `image-too-large` */
export function readBmp(bytes: Uint8Array, name: string): Stored {
  try {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const header = readHeader(view, bytes);
    const { width, height, bits, compression } = header;
    if (width < 1 || height < 1) throw unreadable(name, 'it has no pixels');
    checkSize(name, width, height, 4);
    if (compression === rle8 || compression === rle4) {
      const indices = paintRuns(bytes.subarray(header.offset), width, height, compression === rle4);
      if (indices === undefined) throw unreadable(name, endsEarly);
      return stored(
        header,
        3,
        painted(header, (at) => indices[at] ?? 0),
      );
    }
    if (
      ![plainRgb, bitFields, alphaFields].includes(compression) ||
      ![1, 2, 4, 8, 16, 24, 32].includes(bits)
    ) {
      throw unreadable(
        name,
        `it is a bitmap of a rare kind (${bits} bits, compression ${compression})`,
      );
    }
    const stride = Math.ceil((width * bits) / 32) * 4;
    // The last row's padding may be missing.
    if (header.offset + stride * (height - 1) + Math.ceil((width * bits) / 8) > bytes.length)
      throw unreadable(name, endsEarly);
    if (bits <= 8) {
      const perByte = 8 / bits;
      const indexAt = (at: number) => {
        const row = header.offset + Math.floor(at / width) * stride;
        const column = at % width;
        const byte = bytes[row + Math.floor(column / perByte)] ?? 0;
        return (byte >> (8 - bits - (column % perByte) * bits)) & ((1 << bits) - 1);
      };
      return stored(header, 3, painted(header, indexAt));
    }
    return direct(bytes, header, stride);
  } catch (cause) {
    if (cause instanceof RangeError) throw unreadable(name, 'its beginning is damaged', cause);
    throw cause;
  }
}

/** @throws RangeError where the file ends within it */
function readHeader(view: DataView, bytes: Uint8Array): Header {
  const offset = view.getUint32(10, true);
  const size = view.getUint32(fileHeader, true);
  const core = size === coreHeader;
  const width = core ? view.getUint16(18, true) : view.getInt32(18, true);
  const height = core ? view.getUint16(20, true) : view.getInt32(22, true);
  const bits = view.getUint16(core ? 24 : 28, true);
  const compression = core ? plainRgb : view.getUint32(30, true);
  const hasMasks = compression === bitFields || compression === alphaFields;
  // A short header has the masks behind it, a long one within it, at the same place.
  const maskCount = !hasMasks ? 0 : compression === alphaFields || size >= 56 ? 4 : 3;
  const masks = Array.from({ length: maskCount }, (_, one) =>
    view.getUint32(fileHeader + infoHeader + 4 * one, true),
  );
  const entry = core ? 3 : 4;
  const stated = core ? 0 : view.getUint32(46, true);
  const entries = bits > 8 ? 0 : Math.min(stated === 0 ? 256 : stated, 1 << bits);
  const behind = fileHeader + size + (size === infoHeader ? 4 * maskCount : 0);
  const palette = new Uint8Array(256 * 3);
  for (let index = 0; index < entries; index++) {
    const from = behind + index * entry;
    palette.set([bytes[from + 2] ?? 0, bytes[from + 1] ?? 0, bytes[from] ?? 0], index * 3);
  }
  const topDown = height < 0;
  return { width, height: Math.abs(height), topDown, bits, compression, offset, masks, palette };
}

/** @param indexAt of a pixel in the order of the file */
function painted(
  { width, height, topDown, palette }: Header,
  indexAt: (at: number) => number,
): Uint8Array {
  const data = new Uint8Array(width * height * 3);
  for (let row = 0; row < height; row++) {
    const to = (topDown ? row : height - 1 - row) * width;
    for (let column = 0; column < width; column++) {
      const from = indexAt(row * width + column) * 3;
      const at = (to + column) * 3;
      data[at] = palette[from] ?? 0;
      data[at + 1] = palette[from + 1] ?? 0;
      data[at + 2] = palette[from + 2] ?? 0;
    }
  }
  return data;
}

/** 16, 24 and 32 bits: the colours themselves. */
function direct(bytes: Uint8Array, header: Header, stride: number): Stored {
  const { width, height, topDown, bits, offset } = header;
  const channels = channelsOf(header);
  const bands = channels.length;
  const data = new Uint8Array(width * height * bands);
  const size = bits / 8;
  for (let row = 0; row < height; row++) {
    let from = offset + row * stride;
    let to = (topDown ? row : height - 1 - row) * width * bands;
    for (let column = 0; column < width; column++, from += size) {
      let pixel = 0;
      for (let byte = size - 1; byte >= 0; byte--) pixel = (pixel << 8) | (bytes[from + byte] ?? 0);
      for (const { shift, most } of channels)
        data[to++] = Math.floor((((pixel >>> shift) & most) * 255) / most);
    }
  }
  return stored(header, bands, data);
}

/** How to take each band out of a pixel; an alpha mask of no bits is none. */
function channelsOf({ bits, masks }: Header): { shift: number; most: number }[] {
  const usual = bits === 16 ? [0x7c00, 0x3e0, 0x1f] : [0xff0000, 0xff00, 0xff];
  const [red = 0, green = 0, blue = 0, alpha = 0] = masks.length > 0 ? masks : usual;
  return [red, green, blue, ...(alpha === 0 ? [] : [alpha])].map((mask) => {
    const shift = mask === 0 ? 0 : 31 - Math.clz32(mask & -mask);
    return { shift, most: Math.max(1, mask >>> shift) };
  });
}

function stored({ width, height }: Header, bands: number, numbers: Uint8Array): Stored {
  return { width, height, bands, numbers, kind: '8-bit' };
}
