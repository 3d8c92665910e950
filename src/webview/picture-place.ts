/** Where things lie over a picture, in per cent of it. */
import type { InputWindow } from '../shared/explanation';
import type { PictureBox } from '../shared/picture-change';
import type { Size } from './mark-box';
import type { Cell } from './patch-cursor';

/** What the model saw, in the picture. */
export function placeOfWindow({ imageWidth, imageHeight, ...box }: InputWindow) {
  return placeOfBox(box, { width: imageWidth, height: imageHeight });
}

/** A rectangle, in a picture of this size. */
export function placeOfBox({ left, top, width, height }: PictureBox, picture: Size) {
  return {
    left: `${(left / picture.width) * 100}%`,
    top: `${(top / picture.height) * 100}%`,
    width: `${(width / picture.width) * 100}%`,
    height: `${(height / picture.height) * 100}%`,
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
