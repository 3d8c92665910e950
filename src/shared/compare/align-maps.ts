/** Two maps on one grid, so that they can be held against each other: of other models, they have other patches. */
import type { Grid, Heatmap, InputWindow } from '../explanation';

/** A map, and where it lies. */
export interface PlacedMap extends Pick<Heatmap, 'values' | 'shape'> {
  /** The model's patches: what a map of pixels is averaged over. */
  readonly grid: Grid;
  readonly window: InputWindow;
  readonly picture: string;
}

export interface AlignedMaps {
  /** `[rows, columns]` of both, row-major. */
  readonly one: Float32Array;
  readonly other: Float32Array;
  readonly shape: Grid;
  /** Where the grid lies in the picture of the first. */
  readonly place: InputWindow;
}

/**
 * Both on the coarser of their patches: means by area. Of one picture, over the part that both models
 * saw; of two, over what each saw. Undefined where the models saw no part in common.
 */
export function alignMaps(one: PlacedMap, other: PlacedMap): AlignedMaps | undefined {
  const shape: Grid = [
    Math.min(one.grid[0], other.grid[0], one.shape[0], other.shape[0]),
    Math.min(one.grid[1], other.grid[1], one.shape[1], other.shape[1]),
  ];
  const place = one.picture === other.picture ? common(one.window, other.window) : one.window;
  if (place === undefined) return undefined;
  const otherPlace = one.picture === other.picture ? place : other.window;
  return {
    one: meansOver(one, place, shape),
    other: meansOver(other, otherPlace, shape),
    shape,
    place,
  };
}

function common(one: InputWindow, other: InputWindow): InputWindow | undefined {
  const left = Math.max(one.left, other.left);
  const top = Math.max(one.top, other.top);
  const width = Math.min(one.left + one.width, other.left + other.width) - left;
  const height = Math.min(one.top + one.height, other.top + other.height) - top;
  return width > 0 && height > 0 ? { ...one, left, top, width, height } : undefined;
}

/** A map's means over equal cells of a part of the picture that lies within its window. */
function meansOver(
  { values, shape: [rows, columns], window }: Pick<PlacedMap, 'values' | 'shape' | 'window'>,
  place: InputWindow,
  [height, width]: Grid,
): Float32Array {
  const down = shares(place.top - window.top, place.height, window.height, rows, height);
  const across = shares(place.left - window.left, place.width, window.width, columns, width);
  const result = new Float32Array(height * width);
  down.forEach((inRows, row) => {
    across.forEach((inColumns, column) => {
      let sum = 0;
      for (const [y, vertical] of inRows) {
        for (const [x, horizontal] of inColumns)
          sum += (values[y * columns + x] ?? 0) * vertical * horizontal;
      }
      result[row * width + column] = sum;
    });
  });
  return result;
}

type Shares = readonly (readonly [source: number, share: number])[];

/** For each of the equal parts of a stretch, which of the sources it lies over, and with which share. */
function shares(
  from: number,
  length: number,
  of: number,
  sources: number,
  parts: number,
): Shares[] {
  const scale = sources / of;
  return Array.from({ length: parts }, (_, part) => {
    const start = (from + (length * part) / parts) * scale;
    const end = (from + (length * (part + 1)) / parts) * scale;
    const found: [number, number][] = [];
    const last = Math.min(sources, Math.ceil(end));
    for (let source = Math.max(0, Math.floor(start)); source < last; source += 1) {
      const overlap = Math.min(end, source + 1) - Math.max(start, source);
      if (overlap > 1e-9) found.push([source, overlap / (end - start)]);
    }
    return found;
  });
}
