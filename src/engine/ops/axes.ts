/** Small questions about axes and shapes. */

export type Dims = readonly number[];

/** An axis counted from the front. */
export function positiveAxis(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}

/** The shape that NumPy-like broadcasting of several shapes gives, or undefined if they do not fit. */
export function broadcast(...shapes: readonly Dims[]): Dims | undefined {
  const rank = Math.max(0, ...shapes.map((shape) => shape.length));
  const result = new Array<number>(rank).fill(1);
  for (const shape of shapes) {
    for (const [i, dim] of shape.entries()) {
      const axis = rank - shape.length + i;
      if (dim === 1) continue;
      if (result[axis] !== 1 && result[axis] !== dim) return undefined;
      result[axis] = dim;
    }
  }
  return result;
}

/** The rows that Slice takes of an axis, in order. */
export function sliceRange(size: number, start: number, end: number, step: number): number[] {
  const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));
  const from = start < 0 ? start + size : start;
  const to = end < 0 ? end + size : end;
  const first = step > 0 ? clamp(from, 0, size) : clamp(from, 0, size - 1);
  const last = step > 0 ? clamp(to, 0, size) : clamp(to, -1, size - 1);
  const rows: number[] = [];
  for (let row = first; step > 0 ? row < last : row > last; row += step) rows.push(row);
  return rows;
}

/** The shape with its last two axes in each other's place. */
export function swapLast(dims: Dims): Dims {
  return dims.length < 2 ? dims : [...dims.slice(0, -2), ...dims.slice(-1), ...dims.slice(-2, -1)];
}
