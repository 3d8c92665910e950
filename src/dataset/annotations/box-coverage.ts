import type { ObjectBox } from '../../shared/annotation';

/** Where the model's input lies in the picture, in the same pixels. */
interface Window {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * For each patch of a grid laid over the window, the share of its area that the boxes cover
 * together. Exact for one box; where boxes overlap, the overlap counts once up to a raster of
 * 8 × 8 points a patch.
 *
 * @returns `rows * columns` shares, row-major, 0 … 1
 */
export function boxCoverage(
  boxes: readonly ObjectBox[],
  window: Window,
  rows: number,
  columns: number,
): Float32Array {
  const [only] = boxes;
  const patchHeight = window.height / rows;
  const patchWidth = window.width / columns;
  return Float32Array.from({ length: rows * columns }, (_, index) => {
    const top = window.top + Math.floor(index / columns) * patchHeight;
    const left = window.left + (index % columns) * patchWidth;
    if (only !== undefined && boxes.length === 1) {
      const height = overlap(top, patchHeight, only.top, only.height);
      const width = overlap(left, patchWidth, only.left, only.width);
      return (height * width) / (patchHeight * patchWidth);
    }
    let covered = 0;
    for (let point = 0; point < 64; point++) {
      const y = top + ((Math.floor(point / 8) + 0.5) / 8) * patchHeight;
      const x = left + (((point % 8) + 0.5) / 8) * patchWidth;
      if (boxes.some((box) => contains(box, x, y))) covered++;
    }
    return covered / 64;
  });
}

function overlap(start: number, length: number, otherStart: number, otherLength: number): number {
  return Math.max(
    0,
    Math.min(start + length, otherStart + otherLength) - Math.max(start, otherStart),
  );
}

function contains({ left, top, width, height }: ObjectBox, x: number, y: number): boolean {
  return x >= left && x < left + width && y >= top && y < top + height;
}
