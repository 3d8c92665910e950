/** Where things lie over a picture, in per cent of it. */
import type { InputWindow } from '../shared/explanation';
import type { Cell } from './patch-cursor';

/** What the model saw, in the picture. */
export function placeOfWindow({ imageWidth, imageHeight, left, top, width, height }: InputWindow) {
  return {
    left: `${(left / imageWidth) * 100}%`,
    top: `${(top / imageHeight) * 100}%`,
    width: `${(width / imageWidth) * 100}%`,
    height: `${(height / imageHeight) * 100}%`,
  };
}

/** A patch, in its map. */
export function placeOfCell({ row, column }: Cell, rows: number, columns: number) {
  return {
    left: `${(column / columns) * 100}%`,
    top: `${(row / rows) * 100}%`,
    width: `${100 / columns}%`,
    height: `${100 / rows}%`,
  };
}
