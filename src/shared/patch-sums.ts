import type { Grid } from './explanation';

/** A pixel map brought to the patch grid: what lies in each patch, added up. A patch map stays as it is. */
export function patchSums(
  values: Float32Array,
  [height, width]: readonly [height: number, width: number],
  [rows, columns]: Grid,
): Float32Array {
  if (height === rows && width === columns) return values;
  const sums = new Float64Array(rows * columns);
  values.forEach((value, index) => {
    const row = Math.floor((Math.floor(index / width) * rows) / height);
    const column = Math.floor(((index % width) * columns) / width);
    sums[row * columns + column] = (sums[row * columns + column] ?? 0) + value;
  });
  return Float32Array.from(sums);
}
