/** The part of every picture that all cells of a comparison show. */

export interface ShownPart {
  /** 1: all of it. */
  readonly zoom: number;
  /** Of the picture's width and height, what lies left of and above the part. */
  readonly x: number;
  readonly y: number;
}

/** A point as parts of a width and a height. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

const middle: Point = { x: 0.5, y: 0.5 };

/** Enlarges it so that what is at a point of the cell stays there. */
export function zoomedAt(part: ShownPart, zoom: number, at: Point = middle): ShownPart {
  return within({
    zoom,
    x: part.x + at.x / part.zoom - at.x / zoom,
    y: part.y + at.y / part.zoom - at.y / zoom,
  });
}

/** Moves the picture by parts of the cell's width and height. */
export function movedBy(part: ShownPart, { x, y }: Point): ShownPart {
  return within({ ...part, x: part.x - x / part.zoom, y: part.y - y / part.zoom });
}

/** Moves it as little as shows a point of the picture. */
export function showing(part: ShownPart, { x, y }: Point): ShownPart {
  const size = 1 / part.zoom;
  const near = (from: number, point: number): number =>
    Math.min(point, Math.max(from, point - size));
  return within({ ...part, x: near(part.x, x), y: near(part.y, y) });
}

function within({ zoom, x, y }: ShownPart): ShownPart {
  const limit = (value: number): number => Math.min(1 - 1 / zoom, Math.max(0, value));
  return { zoom, x: limit(x), y: limit(y) };
}
