/** From a few patches to a smooth map the size of a picture. */

/**
 * Bilinear interpolation with half-pixel centres and clamped borders, the numbers of PyTorch's
 * `interpolate(mode='bilinear', align_corners=False)` when enlarging.
 *
 * @param values `[rows, columns]`, row-major
 * @returns `[height, width]`, row-major
 */
export function upsampleBilinear(
  values: Float32Array,
  [rows, columns]: readonly [rows: number, columns: number],
  [height, width]: readonly [height: number, width: number],
): Float32Array {
  if (values.length !== rows * columns)
    throw new RangeError(`${values.length} values do not fill ${rows} rows of ${columns}.`);
  const vertical = neighbours(rows, height);
  const horizontal = neighbours(columns, width);
  const result = new Float32Array(height * width);
  let position = 0;
  for (const row of vertical) {
    const upper = row.before * columns;
    const lower = row.after * columns;
    for (const column of horizontal) {
      const above = mix(values[upper + column.before], values[upper + column.after], column.share);
      const below = mix(values[lower + column.before], values[lower + column.after], column.share);
      result[position++] = mix(above, below, row.share);
    }
  }
  return result;
}

/** To 0 … 1 by smallest and largest value; a map that is the same everywhere becomes zero. */
export function normaliseMinMax(values: Float32Array): Float32Array {
  const [low, high] = range(values);
  const span = high - low;
  return span > 0 ? values.map((value) => (value - low) / span) : new Float32Array(values.length);
}

/** Smallest and largest value; `[0, 0]` of nothing. */
export function range(values: Float32Array): readonly [low: number, high: number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : [0, 0];
}

/** For each target line the two source lines around it, and the share of the second. */
interface Neighbours {
  readonly before: number;
  readonly after: number;
  readonly share: number;
}

function neighbours(sources: number, targets: number): readonly Neighbours[] {
  return Array.from({ length: targets }, (_, target) => {
    const centre = Math.max(0, ((target + 0.5) * sources) / targets - 0.5);
    const before = Math.min(Math.floor(centre), sources - 1);
    return { before, after: Math.min(before + 1, sources - 1), share: centre - before };
  });
}

function mix(from = 0, to = 0, share: number): number {
  return from + (to - from) * share;
}
