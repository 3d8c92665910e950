/**
 * The cell that a key leads to; undefined where it leads nowhere.
 * @param across of one row that is laid out as it fits: how many stand beside each other
 */
export function gridStep(
  key: string,
  rows: readonly (readonly string[])[],
  from: string | undefined,
  across: number | undefined,
): string | undefined {
  const cells = rows.flat();
  const at = cells.indexOf(from ?? '');
  const columns = across ?? rows[0]?.length ?? 1;
  const column = at % columns;
  switch (key) {
    case 'ArrowLeft':
      return column > 0 ? cells[at - 1] : undefined;
    case 'ArrowRight':
      return column < columns - 1 ? cells[at + 1] : undefined;
    case 'ArrowUp':
      return cells[at - columns];
    case 'ArrowDown':
      return cells[at + columns];
    case 'Home':
      return cells[at - column];
    case 'End':
      return cells[Math.min(cells.length, at - column + columns) - 1];
    default:
      return undefined;
  }
}
