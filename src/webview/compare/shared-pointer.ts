/** One pointer for all maps of a comparison: the place that a person points at, whichever map they do it in. */
import type { InputWindow } from '../../shared/explanation';
import { cellAt, type Cell, type Shape } from '../patch-cursor';
import type { Point } from './shared-zoom';

export interface SharedPointer {
  readonly picture: string;
  /** In the picture. */
  readonly place: Point;
  /** In what the model saw of it. */
  readonly seen: Point;
  readonly by: 'pointer' | 'key';
}

/** @param seen within the window, as parts of it */
export function pointerAt(
  picture: string,
  { imageWidth, imageHeight, left, top, width, height }: InputWindow,
  seen: Point,
  by: SharedPointer['by'],
): SharedPointer {
  const place = {
    x: (left + seen.x * width) / imageWidth,
    y: (top + seen.y * height) / imageHeight,
  };
  return { picture, place, seen, by };
}

/**
 * The patch of a map under the pointer: at the same place of the same picture, whatever part of it a model
 * saw; of another picture, at the same place of what the model saw. Undefined where it saw nothing there.
 */
export function cellUnder(
  { picture, place, seen }: SharedPointer,
  of: string,
  { imageWidth, imageHeight, left, top, width, height }: InputWindow,
  shape: Shape,
): Cell | undefined {
  if (picture !== of) return cellAt(seen.x, seen.y, shape);
  const x = (place.x * imageWidth - left) / width;
  const y = (place.y * imageHeight - top) / height;
  return cellAt(x, y, shape);
}

/** The middle of a patch, as parts of the map. */
export function middleOf({ row, column }: Cell, [rows, columns]: Shape): Point {
  return { x: (column + 0.5) / columns, y: (row + 0.5) / rows };
}
