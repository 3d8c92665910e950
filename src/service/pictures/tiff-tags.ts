/** The few tags of a TIFF's first page that say what its bands mean. */

export interface TiffTags {
  /** Bits of one number. */
  readonly bits: number | undefined;
  /** Which of the bands behind the colours is alpha, from 0; undefined where none is. */
  readonly alpha: number | undefined;
  /** Bands that make the colour: 1, 3 (also those of a palette) or 4. */
  readonly colours: number | undefined;
  /** The numbers that the file says are black and white. */
  readonly range: readonly [low: number, high: number] | undefined;
}

const bitsTag = 258;
const photometricTag = 262;
const samplesTag = 277;
const minSample = 280;
const maxSample = 281;
const extraSamples = 338;
const sminSample = 340;
const smaxSample = 341;
/** More entries than this are no picture's. */
const mostEntries = 4096;
const mostValues = 64;

/** Bands of colour by photometric interpretation (TIFF 6.0, section 8 and following). */
const coloursOf: Readonly<Record<number, number>> = {
  0: 1,
  1: 1,
  2: 3,
  3: 3,
  4: 1,
  5: 4,
  6: 3,
  8: 3,
};

/** @returns what could be read; damaged files are the decoder's business */
export function readTiffTags(bytes: Uint8Array): TiffTags {
  const tags = firstDirectory(bytes);
  const [photometric] = tags.get(photometricTag) ?? [];
  const [samples = 1] = tags.get(samplesTag) ?? [];
  const stated = photometric === undefined ? undefined : coloursOf[photometric];
  // Several bands of which the file says nothing but that dark is black: colours all the same.
  const colours = stated === 1 && samples > 2 && (photometric ?? 2) < 2 ? 3 : stated;
  const extra = tags.get(extraSamples) ?? [];
  const at = extra.findIndex((meaning) => meaning === 1 || meaning === 2);
  const low = (tags.get(sminSample) ?? tags.get(minSample))?.[0] ?? NaN;
  const high = (tags.get(smaxSample) ?? tags.get(maxSample))?.[0] ?? NaN;
  return {
    bits: tags.get(bitsTag)?.[0],
    alpha: at < 0 ? undefined : at,
    colours,
    range: low < high && Number.isFinite(high - low) ? [low, high] : undefined,
  };
}

/** Numbers by tag, those of a kind and length that are of use here. */
function firstDirectory(bytes: Uint8Array): Map<number, readonly number[]> {
  const tags = new Map<number, readonly number[]>();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    const little = view.getUint16(0) === 0x4949;
    const magic = view.getUint16(2, little);
    if ((!little && view.getUint16(0) !== 0x4d4d) || (magic !== 42 && magic !== 43)) return tags;
    const big = magic === 43;
    const long = (at: number) =>
      big ? Number(view.getBigUint64(at, little)) : view.getUint32(at, little);
    const start = long(big ? 8 : 4);
    const entries = big ? long(start) : view.getUint16(start, little);
    const room = big ? 8 : 4;
    for (let entry = 0; entry < Math.min(entries, mostEntries); entry++) {
      const at = start + (big ? 8 : 2) + entry * (big ? 20 : 12);
      const kind = view.getUint16(at + 2, little);
      const count = long(at + 4);
      const size = sizes[kind];
      if (size === undefined || count > mostValues) continue;
      const inside = at + 4 + room;
      const from = size * count <= room ? inside : long(inside);
      tags.set(
        view.getUint16(at, little),
        Array.from({ length: count }, (_, one) => numberAt(view, from + one * size, kind, little)),
      );
    }
  } catch {
    // An offset beyond the end: what was read until then counts.
  }
  return tags;
}

/** Bytes of one number, by field type. */
const sizes: Readonly<Record<number, number>> = { 1: 1, 3: 2, 4: 4, 8: 2, 9: 4, 11: 4, 12: 8 };

function numberAt(view: DataView, at: number, kind: number, little: boolean): number {
  switch (kind) {
    case 1:
      return view.getUint8(at);
    case 3:
      return view.getUint16(at, little);
    case 4:
      return view.getUint32(at, little);
    case 8:
      return view.getInt16(at, little);
    case 9:
      return view.getInt32(at, little);
    case 11:
      return view.getFloat32(at, little);
    default:
      return view.getFloat64(at, little);
  }
}
