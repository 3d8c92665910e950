/**
 * Spearman's rank correlation of two lists of the same length: Pearson's correlation of their ranks, those
 * of equal values averaged. −1 … 1; undefined where either is the same everywhere, or holds fewer than two.
 *
 * @throws RangeError where the lengths differ
 */
export function spearman(one: Float32Array, other: Float32Array): number | undefined {
  if (one.length !== other.length)
    throw new RangeError(`${one.length} values cannot be held against ${other.length}.`);
  const [left, right] = [ranks(one), ranks(other)];
  // Whatever the ties, ranks from 0 have this mean.
  const mean = (one.length - 1) / 2;
  let product = 0;
  let leftSquares = 0;
  let rightSquares = 0;
  left.forEach((rank, at) => {
    const [a, b] = [rank - mean, (right[at] ?? 0) - mean];
    product += a * b;
    leftSquares += a * a;
    rightSquares += b * b;
  });
  if (leftSquares === 0 || rightSquares === 0) return undefined;
  return product / Math.sqrt(leftSquares * rightSquares);
}

/** From 0; equal values share the mean of their ranks. */
function ranks(values: Float32Array): Float64Array {
  const order = Array.from(values.keys());
  const valueAt = (position: number): number => values[order[position] ?? 0] ?? 0;
  order.sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const result = new Float64Array(values.length);
  for (let from = 0; from < order.length;) {
    let end = from + 1;
    while (end < order.length && valueAt(end) === valueAt(from)) end += 1;
    for (const at of order.slice(from, end)) result[at] = (from + end - 1) / 2;
    from = end;
  }
  return result;
}
