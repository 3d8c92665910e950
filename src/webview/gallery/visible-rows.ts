/** Which part of a long grid has to be drawn. */

export interface GridRoom {
  /** Of the scrolled area, in pixels. */
  readonly width: number;
  readonly height: number;
  readonly scrollTop: number;
}

export interface GridLayout {
  readonly columns: number;
  readonly tileWidth: number;
  /** Of all rows together, in pixels. */
  readonly totalHeight: number;
  /** First tile to draw, and the one after the last. */
  readonly first: number;
  readonly end: number;
}

const rowsBeyond = 2;

/**
 * @param least smallest width of a tile
 * @param rowHeightOf height of a row with tiles of this width
 */
export function layOut(
  count: number,
  room: GridRoom,
  least: number,
  gap: number,
  rowHeightOf: (tileWidth: number) => number,
): GridLayout {
  const columns = Math.max(1, Math.floor((room.width + gap) / (least + gap)));
  const tileWidth = Math.max(least, Math.floor((room.width - gap * (columns - 1)) / columns));
  const rowHeight = rowHeightOf(tileWidth) + gap;
  const rows = Math.ceil(count / columns);
  const firstRow = Math.max(0, Math.floor(room.scrollTop / rowHeight) - rowsBeyond);
  const endRow = Math.min(rows, Math.ceil((room.scrollTop + room.height) / rowHeight) + rowsBeyond);
  return {
    columns,
    tileWidth,
    totalHeight: Math.max(0, rows * rowHeight - gap),
    first: firstRow * columns,
    end: Math.min(count, endRow * columns),
  };
}

/** Where a key leads from one of `count` tiles; undefined where the key is none of the grid's. */
export function moveBy(
  key: string,
  from: number,
  count: number,
  columns: number,
  rowsAPage: number,
): number | undefined {
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -columns,
    ArrowDown: columns,
    PageUp: -columns * rowsAPage,
    PageDown: columns * rowsAPage,
    Home: -count,
    End: count,
  };
  const step = steps[key];
  return step === undefined ? undefined : Math.max(0, Math.min(count - 1, from + step));
}
