/** What of a picture is left when only its most relevant patches are. */
import type { Grid } from '../../shared/explanation';

/**
 * The outline of the patches that are taken away, as an SVG path in units of a patch; runs of patches
 * in a row are one box, so that no seams show between them.
 *
 * @param order patch indices in row order, the most relevant first
 * @param kept share of the patches that stay, 0 … 1
 */
export function takenAway(order: readonly number[], kept: number, [rows, columns]: Grid): string {
  const stays = new Set(order.slice(0, Math.round(kept * order.length)));
  const boxes: string[] = [];
  for (let row = 0; row < rows; row++) {
    let from = 0;
    for (let column = 0; column <= columns; column++) {
      if (column < columns && !stays.has(row * columns + column)) continue;
      const length = column - from;
      if (length > 0) boxes.push(`M${from} ${row}h${length}v1h-${length}z`);
      from = column + 1;
    }
  }
  return boxes.join('');
}

/**
 * What a curve says at a share between its points.
 * @param shares rising; as many as there are values
 * @returns undefined where the curve has no points
 */
export function valueAt(
  shares: readonly number[],
  values: readonly number[],
  share: number,
): number | undefined {
  const after = shares.findIndex((one) => one >= share);
  if (after <= 0) return after < 0 ? values.at(-1) : values[0];
  const [left = 0, right = 1] = shares.slice(after - 1, after + 1);
  const [start = 0, end = 0] = values.slice(after - 1, after + 1);
  return start + ((end - start) * (share - left)) / (right - left);
}
