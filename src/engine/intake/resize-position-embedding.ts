/**
 * Position embeddings on another grid of patches: cubic convolution as `torch.nn.functional
 * .interpolate(mode='bicubic', align_corners=False)` does it, per axis (R. Keys, 1981).
 */
import type { PositionResize } from './architecture/vit-weights';

/** For each place along a new axis: the first old place that it reads, and the weights from there on. */
interface Taps {
  readonly first: number;
  readonly weights: readonly number[];
}

/**
 * @param values `[rows · columns, dim]`, row-major
 * @param grid the old rows and columns
 * @param target the new rows and columns
 * @returns `[new rows · new columns, dim]`
 */
export function resizePositionEmbedding(
  values: Float32Array,
  dim: number,
  grid: readonly [number, number],
  target: readonly [number, number],
  resize: PositionResize,
): Float32Array {
  const [rows, columns] = grid;
  const [newRows, newColumns] = target;
  // Columns first, then rows; the order makes no difference but for rounding.
  const wide = new Float64Array(rows * newColumns * dim);
  for (const [column, taps] of tapsOf(columns, newColumns, resize).entries()) {
    for (let row = 0; row < rows; row++)
      addTaps(values, wide, taps, row * columns * dim, dim, (row * newColumns + column) * dim, dim);
  }
  const full = new Float64Array(newRows * newColumns * dim);
  for (const [row, taps] of tapsOf(rows, newRows, resize).entries()) {
    const width = newColumns * dim;
    addTaps(wide, full, taps, 0, width, row * width, width);
  }
  return Float32Array.from(full);
}

/** to[toStart + i] = Σ weight · from[fromStart + place · step + i] for i < length. */
function addTaps(
  from: Float32Array | Float64Array,
  to: Float64Array,
  taps: Taps,
  fromStart: number,
  step: number,
  toStart: number,
  length: number,
): void {
  for (const [k, weight] of taps.weights.entries()) {
    const start = fromStart + (taps.first + k) * step;
    for (let i = 0; i < length; i++)
      to[toStart + i] = (to[toStart + i] ?? 0) + weight * (from[start + i] ?? 0);
  }
}

function tapsOf(size: number, newSize: number, resize: PositionResize): Taps[] {
  return Array.from({ length: newSize }, (_, at) => {
    const scale = size / (newSize + resize.offset);
    return resize.antialias ? smoothTaps(size, at, size / newSize) : plainTaps(size, at, scale);
  });
}

/** Four neighbours, those outside the grid read at its border; the kernel's a is −0.75. */
function plainTaps(size: number, at: number, scale: number): Taps {
  const centre = (at + 0.5) * scale - 0.5;
  const base = Math.floor(centre);
  const weights = new Array<number>(size).fill(0);
  for (let k = base - 1; k <= base + 2; k++) {
    const place = Math.min(size - 1, Math.max(0, k));
    weights[place] = (weights[place] ?? 0) + cubic(centre - k, -0.75);
  }
  return trimmed(weights);
}

/** As wide as the shrinking is, normalised within the grid; a is −0.5, as in Pillow. */
function smoothTaps(size: number, at: number, scale: number): Taps {
  const width = Math.max(1, scale);
  const centre = (at + 0.5) * scale;
  const first = Math.max(0, Math.trunc(centre - 2 * width + 0.5));
  const end = Math.min(size, Math.trunc(centre + 2 * width + 0.5));
  const weights = Array.from({ length: end - first }, (_, k) =>
    cubic((first + k + 0.5 - centre) / width, -0.5),
  );
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return { first, weights: weights.map((weight) => weight / sum) };
}

function trimmed(weights: readonly number[]): Taps {
  const first = weights.findIndex((weight) => weight !== 0);
  const last = weights.findLastIndex((weight) => weight !== 0);
  return { first, weights: weights.slice(first, last + 1) };
}

/** Keys' cubic convolution kernel. */
function cubic(distance: number, a: number): number {
  const x = Math.abs(distance);
  if (x <= 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  if (x < 2) return ((a * x - 5 * a) * x + 8 * a) * x - 4 * a;
  return 0;
}
