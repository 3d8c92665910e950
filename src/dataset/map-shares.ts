import type { MapShares } from '../shared/sample-result';

/**
 * How a map's positive relevance is spread over a grid: on the border and in the corners (where
 * watermarks and shortcuts live), and outside an annotated object.
 *
 * @param values row-major, `rows * columns`; negative relevance counts as none
 * @param coverage for each patch the share of its area that the object covers, 0 … 1
 */
export function mapShares(
  values: Float32Array,
  rows: number,
  columns: number,
  coverage: Float32Array | undefined,
): MapShares {
  const cornerRows = Math.max(1, Math.floor(rows / 4));
  const cornerColumns = Math.max(1, Math.floor(columns / 4));
  const corners: [number, number, number, number] = [0, 0, 0, 0];
  let total = 0;
  let border = 0;
  let outside = 0;
  values.forEach((value, index) => {
    const relevance = Math.max(0, value);
    const row = Math.floor(index / columns);
    const column = index % columns;
    total += relevance;
    if (row === 0 || column === 0 || row === rows - 1 || column === columns - 1)
      border += relevance;
    const top = row < cornerRows;
    const bottom = row >= rows - cornerRows;
    const left = column < cornerColumns;
    const right = column >= columns - cornerColumns;
    if (top && left) corners[0] += relevance;
    if (top && right) corners[1] += relevance;
    if (bottom && left) corners[2] += relevance;
    if (bottom && right) corners[3] += relevance;
    outside += relevance * (1 - (coverage?.[index] ?? 0));
  });
  const share = (part: number) => (total === 0 ? 0 : part / total);
  return {
    border: share(border),
    corners: [share(corners[0]), share(corners[1]), share(corners[2]), share(corners[3])],
    outside: coverage === undefined ? undefined : share(outside),
  };
}
