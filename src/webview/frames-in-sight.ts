/** Which part of a long row of frames has to be drawn, and where to scroll it. */
import type { FrameRange } from '../shared/filmstrip';

/** Drawn beyond either edge, so that scrolling shows no holes. */
const beyond = 4;

/** @param stride pixels from one frame's left edge to the next one's */
export function framesInSight(
  total: number,
  scrollLeft: number,
  width: number,
  stride: number,
): FrameRange {
  const first = Math.max(0, Math.floor(scrollLeft / stride) - beyond);
  return {
    first: Math.min(first, total),
    end: Math.min(total, Math.ceil((scrollLeft + width) / stride) + beyond),
  };
}

/** Where to scroll so that a frame and its neighbours are seen; as it is where they are. */
export function scrollTo(at: number, scrollLeft: number, width: number, stride: number): number {
  const left = (at - 1) * stride;
  const right = (at + 2) * stride;
  if (left >= scrollLeft && right <= scrollLeft + width) return scrollLeft;
  const near = left >= scrollLeft - width && right <= scrollLeft + 2 * width;
  if (!near) return Math.max(0, (at + 0.5) * stride - width / 2);
  return Math.max(0, left < scrollLeft ? left : right - width);
}
