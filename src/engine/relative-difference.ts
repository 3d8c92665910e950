/** L2 length of `a − b` over that of `b`; 1 where only `b` is zero throughout, 0 where both are. */
export function relativeDifference(a: Float32Array, b: Float32Array): number {
  let difference = 0;
  let size = 0;
  for (const [i, value] of b.entries()) {
    difference += ((a[i] ?? NaN) - value) ** 2;
    size += value ** 2;
  }
  return difference === 0 ? 0 : Math.sqrt(difference / (size || difference));
}
