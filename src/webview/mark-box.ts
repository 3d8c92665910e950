/** A rectangle that a person draws on a picture: in whole pixels of the picture, and never beyond it. */
import type { PictureBox } from '../shared/picture-change';

/** Of the picture, in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** In pixels of the picture, from its left and upper edge. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * From where the pointer went down to where it is.
 * @param ratio width by height that the rectangle has to have; any where it is left out
 */
export function boxBetween(from: Point, to: Point, size: Size, ratio?: number): PictureBox {
  const [right, down] = [to.x - from.x, to.y - from.y];
  const room = {
    width: right < 0 ? from.x : size.width - from.x,
    height: down < 0 ? from.y : size.height - from.y,
  };
  const { width, height } = shaped(Math.abs(right), Math.abs(down), room, ratio);
  const left = right < 0 ? from.x - width : from.x;
  const top = down < 0 ? from.y - height : from.y;
  return within({ left, top, width, height }, size);
}

/** What a key makes of it; undefined for keys that mean nothing to it. */
export function keyedBox(
  box: PictureBox,
  key: string,
  isSizing: boolean,
  size: Size,
  ratio?: number,
): PictureBox | undefined {
  const direction = directions[key];
  if (direction === undefined) return undefined;
  const step = Math.max(1, Math.round(Math.max(size.width, size.height) / stepsAcross));
  const [right, down] = direction.map((way) => way * step) as [number, number];
  if (!isSizing) return movedBox(box, right, down, size);
  const { left, top } = box;
  const room = { width: size.width - left, height: size.height - top };
  if (ratio === undefined)
    return within({ left, top, ...shaped(box.width + right, box.height + down, room) }, size);
  const width = Math.max(ratio, box.width + right + down * ratio);
  return within({ left, top, ...shaped(width, width / ratio, room, ratio) }, size);
}

export function movedBox(box: PictureBox, right: number, down: number, size: Size): PictureBox {
  return within({ ...box, left: box.left + right, top: box.top + down }, size);
}

/** A rectangle to begin with. */
export function firstBox(size: Size, ratio?: number, centre?: Point): PictureBox {
  const { x, y } = centre ?? { x: size.width / 2, y: size.height / 2 };
  const largest = shaped(size.width, size.height, size, ratio);
  // All of it could not be moved.
  const isAll = largest.width >= size.width - 1 && largest.height >= size.height - 1;
  const share = ratio === undefined ? 1 / 4 : isAll ? 3 / 4 : 1;
  const [width, height] = [largest.width * share, largest.height * share];
  return within({ left: x - width / 2, top: y - height / 2, width, height }, size);
}

export function isInside({ x, y }: Point, { left, top, width, height }: PictureBox): boolean {
  return x >= left && x < left + width && y >= top && y < top + height;
}

/** Steps of a key along the long side. */
const stepsAcross = 40;

const directions: Readonly<Record<string, readonly [right: number, down: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** No larger than its room, and of the shape where there is one: then as large as the larger side asks. */
function shaped(width: number, height: number, room: Size, ratio?: number): Size {
  if (ratio === undefined)
    return { width: Math.min(width, room.width), height: Math.min(height, room.height) };
  const wide = Math.min(Math.max(width, height * ratio), room.width, room.height * ratio);
  return { width: wide, height: wide / ratio };
}

function within({ left, top, width, height }: PictureBox, size: Size): PictureBox {
  const wide = Math.min(size.width, Math.max(1, Math.round(width)));
  const high = Math.min(size.height, Math.max(1, Math.round(height)));
  return {
    left: Math.min(size.width - wide, Math.max(0, Math.round(left))),
    top: Math.min(size.height - high, Math.max(0, Math.round(top))),
    width: wide,
    height: high,
  };
}
