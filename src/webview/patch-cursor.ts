/** Which patch (or pixel) of a map a person points at. */

/** From 0, rows downwards, columns to the right. */
export interface Cell {
  readonly row: number;
  readonly column: number;
}

export type Shape = readonly [rows: number, columns: number];

/** The cell at a point of the map, given from its left and upper edge as 0 … 1; undefined outside. */
export function cellAt(x: number, y: number, [rows, columns]: Shape): Cell | undefined {
  if (x < 0 || x >= 1 || y < 0 || y >= 1) return undefined;
  return { row: Math.floor(y * rows), column: Math.floor(x * columns) };
}

/** Where a key takes the cursor; undefined for keys that do not move it. */
export function moveCell(
  cell: Cell | undefined,
  key: string,
  shape: Shape,
  far: boolean,
): Cell | undefined {
  const [rows, columns] = shape;
  const step = steps[key];
  if (step === undefined) return undefined;
  // The first key press only shows the cursor, in the middle.
  if (cell === undefined) return { row: Math.floor(rows / 2), column: Math.floor(columns / 2) };
  const [down, right] = step(shape, far ? Math.ceil(Math.max(rows, columns) / 14) : 1);
  return {
    row: Math.min(rows - 1, Math.max(0, cell.row + down)),
    column: Math.min(columns - 1, Math.max(0, cell.column + right)),
  };
}

type Step = (shape: Shape, length: number) => readonly [down: number, right: number];

const steps: Readonly<Record<string, Step>> = {
  ArrowUp: (_, length) => [-length, 0],
  ArrowDown: (_, length) => [length, 0],
  ArrowLeft: (_, length) => [0, -length],
  ArrowRight: (_, length) => [0, length],
  Home: ([, columns]) => [0, -columns],
  End: ([, columns]) => [0, columns],
  PageUp: ([rows]) => [-rows, 0],
  PageDown: ([rows]) => [rows, 0],
};
