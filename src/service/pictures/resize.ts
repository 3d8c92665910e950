/**
 * Resampling as Pillow does it, to the last bit for 8-bit pictures. Vision models are trained and
 * evaluated behind Pillow's antialiased filters; sharp's kernels give other values, so the
 * arithmetic is done here.
 *
 * Source of the definition: python-pillow/Pillow, `src/libImaging/Resample.c` (antialiased filters)
 * and `Geometry.c` (nearest).
 */
import type { Preprocessing } from '../../shared/preprocessing';

/** An 8-bit RGB picture: `data` is `[height, width, 3]`, row-major. */
export interface RgbImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** A rectangle of whole pixels. */
export interface PixelBox {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

type Interpolation = Preprocessing['interpolation'];

interface Kernel {
  /** Half of the kernel's width at scale 1. */
  readonly support: number;
  readonly weight: (distance: number) => number;
}

/** Coefficients are integers with so many fractional bits: 32 bits less 8 for the pixel and 2 to spare. */
const precisionBits = 22;
const roundingHalf = 1 << (precisionBits - 1);

const kernels: Record<Exclude<Interpolation, 'nearest'>, Kernel> = {
  box: { support: 0.5, weight: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0) },
  bilinear: { support: 1, weight: (x) => Math.max(0, 1 - Math.abs(x)) },
  hamming: { support: 1, weight: hamming },
  bicubic: { support: 2, weight: cubic },
  lanczos: { support: 3, weight: (x) => (x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0) },
};

/** Keys' cubic convolution with a = -0.5. */
function cubic(x: number): number {
  const a = -0.5;
  const d = Math.abs(x);
  if (d < 1) return ((a + 2) * d - (a + 3)) * d * d + 1;
  return d < 2 ? (((d - 5) * d + 8) * d - 4) * a : 0;
}

/** A sinc under the Hamming window. */
function hamming(x: number): number {
  return Math.abs(x) < 1 ? sinc(x) * (0.54 + 0.46 * Math.cos(x * Math.PI)) : 0;
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI);
}

/**
 * The picture resized to `width` × `height`, of which only `box` is computed: a centre crop of a
 * very oblong picture costs what the crop costs, not what the whole would.
 *
 * @param box in pixels of the resized picture; must lie inside it.
 */
export function resize(
  image: RgbImage,
  width: number,
  height: number,
  interpolation: Interpolation,
  box: PixelBox,
): RgbImage {
  if (interpolation === 'nearest') return resizeNearest(image, width, height, box);
  const kernel = kernels[interpolation];
  const rows = contributions(image.height, height, kernel, box.top, box.height);
  const firstRow = rows.starts[0] ?? 0;
  const lastRow = (rows.starts.at(-1) ?? 0) + (rows.counts.at(-1) ?? 0);
  const band: RgbImage = {
    width: image.width,
    height: lastRow - firstRow,
    data: image.data.subarray(firstRow * image.width * 3, lastRow * image.width * 3),
  };
  const narrowed = resizeColumns(
    band,
    contributions(image.width, width, kernel, box.left, box.width),
  );
  return resizeRows(narrowed, rows, firstRow);
}

/** Which source pixels make each target pixel, and with what integer weights. */
interface Contributions {
  readonly starts: Int32Array;
  readonly counts: Int32Array;
  /** `[targets, taps]`. */
  readonly weights: Int32Array;
  readonly taps: number;
}

function contributions(
  sourceSize: number,
  targetSize: number,
  kernel: Kernel,
  first: number,
  length: number,
): Contributions {
  const scale = sourceSize / targetSize;
  const stretch = Math.max(scale, 1);
  const support = kernel.support * stretch;
  const taps = Math.ceil(support) * 2 + 1;
  const starts = new Int32Array(length);
  const counts = new Int32Array(length);
  const weights = new Int32Array(length * taps);
  const exact = new Float64Array(taps);
  for (let target = 0; target < length; target++) {
    const centre = (first + target + 0.5) * scale;
    const start = Math.max(0, Math.trunc(centre - support + 0.5));
    const count = Math.min(sourceSize, Math.trunc(centre + support + 0.5)) - start;
    let sum = 0;
    for (let tap = 0; tap < count; tap++) {
      const weight = kernel.weight((start + tap - centre + 0.5) / stretch);
      exact[tap] = weight;
      sum += weight;
    }
    for (let tap = 0; tap < count; tap++) {
      const share = sum === 0 ? 0 : (exact[tap] ?? 0) / sum;
      weights[target * taps + tap] = roundHalfAway(share * (1 << precisionBits));
    }
    starts[target] = start;
    counts[target] = count;
  }
  return { starts, counts, weights, taps };
}

function roundHalfAway(value: number): number {
  return Math.trunc(value < 0 ? value - 0.5 : value + 0.5);
}

/** The sums of products stay inside 32 bits by the choice of precision. */
function asByte(sum: number): number {
  const value = sum >> precisionBits;
  return value < 0 ? 0 : value > 255 ? 255 : value;
}

// Both passes are the larger part of preparing a picture. They keep to what the compiler turns into
// plain integer arithmetic: one sum a channel or column, neighbours in memory one after another.

function resizeColumns(image: RgbImage, columns: Contributions): RgbImage {
  const { starts, counts, weights, taps } = columns;
  const width = starts.length;
  const source = image.data;
  const data = new Uint8Array(width * image.height * 3);
  let to = 0;
  for (let y = 0; y < image.height; y++) {
    const row = y * image.width;
    for (let x = 0; x < width; x++) {
      let from = (row + (starts[x] ?? 0)) * 3;
      const first = x * taps;
      const end = first + (counts[x] ?? 0);
      let red = roundingHalf;
      let green = roundingHalf;
      let blue = roundingHalf;
      for (let tap = first; tap < end; tap++) {
        const weight = weights[tap] ?? 0;
        red += Math.imul(weight, source[from] ?? 0);
        green += Math.imul(weight, source[from + 1] ?? 0);
        blue += Math.imul(weight, source[from + 2] ?? 0);
        from += 3;
      }
      data[to] = asByte(red);
      data[to + 1] = asByte(green);
      data[to + 2] = asByte(blue);
      to += 3;
    }
  }
  return { width, height: image.height, data };
}

function resizeRows(band: RgbImage, rows: Contributions, firstRow: number): RgbImage {
  const { starts, counts, weights, taps } = rows;
  const height = starts.length;
  const rowBytes = band.width * 3;
  const data = new Uint8Array(rowBytes * height);
  const sums = new Int32Array(rowBytes);
  for (let y = 0; y < height; y++) {
    const start = (starts[y] ?? 0) - firstRow;
    const count = counts[y] ?? 0;
    sums.fill(roundingHalf);
    for (let tap = 0; tap < count; tap += rowsAtOnce)
      addRows(sums, band.data, (start + tap) * rowBytes, weights, y * taps + tap, count - tap);
    const to = y * rowBytes;
    for (let at = 0; at < rowBytes; at++) data[to + at] = asByte(sums[at] ?? 0);
  }
  return { width: band.width, height, data };
}

/** The sums are read and written once for so many rows. */
const rowsAtOnce = 4;

/** @param left rows that are still to be added; those beyond them count nothing */
function addRows(
  sums: Int32Array,
  source: Uint8Array,
  from: number,
  weights: Int32Array,
  first: number,
  left: number,
): void {
  const length = sums.length;
  const second = from + (left > 1 ? length : 0);
  const third = from + (left > 2 ? 2 * length : 0);
  const fourth = from + (left > 3 ? 3 * length : 0);
  const w0 = weights[first] ?? 0;
  const w1 = left > 1 ? (weights[first + 1] ?? 0) : 0;
  const w2 = left > 2 ? (weights[first + 2] ?? 0) : 0;
  const w3 = left > 3 ? (weights[first + 3] ?? 0) : 0;
  for (let at = 0; at < length; at++) {
    const sum =
      Math.imul(w0, source[from + at] ?? 0) +
      Math.imul(w1, source[second + at] ?? 0) +
      Math.imul(w2, source[third + at] ?? 0) +
      Math.imul(w3, source[fourth + at] ?? 0);
    sums[at] = (sums[at] ?? 0) + sum;
  }
}

function resizeNearest(image: RgbImage, width: number, height: number, box: PixelBox): RgbImage {
  const rows = nearestPixels(image.height, height);
  const columns = nearestPixels(image.width, width);
  const data = new Uint8Array(box.width * box.height * 3);
  for (let y = 0; y < box.height; y++) {
    const row = (rows[box.top + y] ?? 0) * image.width;
    for (let x = 0; x < box.width; x++) {
      const from = (row + (columns[box.left + x] ?? 0)) * 3;
      data.set(image.data.subarray(from, from + 3), (y * box.width + x) * 3);
    }
  }
  return { width: box.width, height: box.height, data };
}

/** Pillow adds up the position step by step, and its rounding errors decide on exact ties. */
function nearestPixels(sourceSize: number, targetSize: number): Int32Array {
  const step = sourceSize / targetSize;
  const pixels = new Int32Array(targetSize);
  let position = step * 0.5;
  for (let target = 0; target < targetSize; target++) {
    pixels[target] = Math.min(sourceSize - 1, Math.trunc(position));
    position += step;
  }
  return pixels;
}
