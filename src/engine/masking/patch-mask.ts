/** Which patches of a picture are away. */
import type { Grid } from '../../shared/explanation';

/** One number a patch, row by row: 1 where it is away, else 0. */
export type PatchMask = Uint8Array;

/** The first `count` patches of an order are away. */
export function withoutFirst(order: ArrayLike<number>, count: number): PatchMask {
  return withoutBetween(order, 0, count);
}

/** The patches of an order from place `from` up to `to` are away. */
export function withoutBetween(order: ArrayLike<number>, from: number, to: number): PatchMask {
  const mask = new Uint8Array(order.length);
  for (let i = from; i < to; i++) mask[order[i] ?? 0] = 1;
  return mask;
}

export function patchesAway(mask: PatchMask): number {
  return mask.reduce((sum, away) => sum + away, 0);
}

/**
 * The picture with another one's pixels where its patches are away.
 * @param pixels `[1, 3, H, W]`, as `replacement` is
 */
export function maskedPixels(
  pixels: Float32Array,
  replacement: Float32Array,
  mask: PatchMask,
  [height, width]: readonly [height: number, width: number],
  [rows, columns]: Grid,
): Float32Array {
  const masked = Float32Array.from(pixels);
  for (let y = 0; y < height; y++) {
    const row = Math.floor((y * rows) / height) * columns;
    for (let x = 0; x < width; x++) {
      if (mask[row + Math.floor((x * columns) / width)] !== 1) continue;
      for (let at = y * width + x; at < pixels.length; at += height * width)
        masked[at] = replacement[at] ?? 0;
    }
  }
  return masked;
}
