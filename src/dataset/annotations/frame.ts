/**
 * Which picture an annotation was drawn on: cameras store pictures turned and say so by EXIF; some
 * programs draw on what is stored, others on what is shown, and datasets are scaled afterwards.
 */
import type { ObjectBox, PixelSize } from '../../shared/annotation';

/** A picture as it is shown. */
export interface ShownPicture extends PixelSize {
  /** EXIF, tag 274, 1 … 8: how what is stored becomes what is shown. */
  readonly orientation: number;
}

/** The picture that an annotation was drawn on. */
export interface Frame extends PixelSize {
  /** Whether it lies as the file stores it, or as it is shown. */
  readonly lies: 'stored' | 'shown';
}

export interface Placing {
  /** Undefined where the annotation cannot be laid over the picture. */
  readonly frame: Frame | undefined;
  /** What cannot be known, as a clause about the picture. */
  readonly doubt: string | undefined;
}

/** Rounding of coordinates, and pixels counted from 1. */
const slackPixels = 1.5;
/** People draw a little over the edge; boxes that reach further belong to another frame. */
const overTheEdge = 0.05;

/**
 * @param stated size of the picture that the annotation was drawn on, where it says so
 * @param boxes what was drawn; none for a mask
 */
export function placingOf(
  stated: PixelSize | undefined,
  { width, height, orientation }: ShownPicture,
  boxes: readonly ObjectBox[],
): Placing {
  const shown = { width, height };
  const turned = { width: height, height: width };
  const stored = orientation >= 5 ? turned : shown;
  const asShown: Frame = { ...(stated ?? shown), lies: 'shown' };
  const asStored: Frame = { ...(stated ?? stored), lies: 'stored' };
  const doubtful = (doubt: string): Placing => ({ frame: asShown, doubt });

  const beyond = (whole: PixelSize, what: string): Placing => {
    const slack = overTheEdge * Math.max(whole.width, whole.height);
    return holds(whole, boxes, slack)
      ? doubtful(`boxes reach over the edge of ${what}`)
      : { frame: undefined, doubt: `boxes reach far beyond ${what}: left out` };
  };

  if (stated !== undefined && !holds(stated, boxes))
    return beyond(stated, `the ${words(stated)} pixels that the annotation states`);
  const fit = (whole: PixelSize): number =>
    stated === undefined ? Number(holds(whole, boxes)) : likeness(stated, whole);
  if (fit(stored) > fit(shown)) return { frame: asStored, doubt: undefined };
  if (fit(shown) > 0) {
    return orientation === 1 || fit(shown) > fit(stored)
      ? { frame: asShown, doubt: undefined }
      : doubtful('stored turned or mirrored, and annotated either way: taken as it is shown');
  }
  if (stated === undefined) return beyond(shown, 'the picture, and no size is stated for them');
  if (likeness(stated, turned) > 0) {
    const doubt = `annotated as ${words(stated)} pixels, but turned since, nobody knows which way: left out`;
    return { frame: undefined, doubt };
  }
  return doubtful(
    `annotated as ${words(stated)} pixels, but of other proportions now: taken as stretched, not cut`,
  );
}

/** Boxes of a frame, in pixels of the picture as it is shown. */
export function boxesShown(
  boxes: readonly ObjectBox[],
  { width, height, lies }: Frame,
  picture: ShownPicture,
): readonly ObjectBox[] {
  const shown = ([x, y]: readonly [number, number]): readonly [number, number] => {
    const [u, v] = turnedBy(lies === 'stored' ? picture.orientation : 1, x / width, y / height);
    return [u * picture.width, v * picture.height];
  };
  return boxes.map((box) => {
    const [x, y] = shown([box.left, box.top]);
    const [otherX, otherY] = shown([box.left + box.width, box.top + box.height]);
    return {
      left: Math.min(x, otherX),
      top: Math.min(y, otherY),
      width: Math.abs(otherX - x),
      height: Math.abs(otherY - y),
    };
  });
}

/**
 * Where a point of the stored picture is shown, both as shares of width and height (EXIF 2.32,
 * orientation: which side of what is seen the 0th row and column are).
 */
export function turnedBy(orientation: number, u: number, v: number): readonly [number, number] {
  const [x, y] = orientation >= 5 ? [v, u] : [u, v];
  const mirroredX = [2, 3, 6, 7].includes(orientation);
  const mirroredY = [3, 4, 7, 8].includes(orientation);
  return [mirroredX ? 1 - x : x, mirroredY ? 1 - y : y];
}

function holds(
  { width, height }: PixelSize,
  boxes: readonly ObjectBox[],
  slack = slackPixels,
): boolean {
  return boxes.every(
    (box) =>
      box.left >= -slack &&
      box.top >= -slack &&
      box.left + box.width <= width + slack &&
      box.top + box.height <= height + slack,
  );
}

/** 2: the same size; 1: the same proportions, to a pixel of the smaller one; 0: others. */
function likeness(a: PixelSize, b: PixelSize): number {
  if (a.width === b.width && a.height === b.height) return 2;
  const [small, large] = a.width * a.height < b.width * b.height ? [a, b] : [b, a];
  const differenceOfHeights = Math.abs(small.height - (small.width * large.height) / large.width);
  const differenceOfWidths = Math.abs(small.width - (small.height * large.width) / large.height);
  return Math.min(differenceOfHeights, differenceOfWidths) <= 1 ? 1 : 0;
}

function words({ width, height }: PixelSize): string {
  return `${width} × ${height}`;
}
