/** A map laid over a picture, pixel by pixel. Pictures are 8-bit RGB or RGBA, row-major. */

/**
 * How much of a colour is laid on, 0 … 1, by the map's value 0 … 1: where there is little evidence
 * the picture stays visible, so that a strong spot stands out from the thing it lies on. A diverging
 * map has its nothing in the middle, and leaves the picture alone there.
 */
export function coverage(value: number, diverging: boolean): number {
  return diverging ? Math.min(1, 4 * Math.abs(value - 0.5)) : 0.3 + 0.7 * Math.min(1, 2.5 * value);
}

/**
 * Mixes a map into a picture in place, in sRGB: each pixel takes `opacity · coverage` of its colour.
 *
 * @param picture RGBA, 4 bytes a pixel; its alpha is left alone
 * @param map 0 … 1, one value a pixel; `diverging`: 0.5 is neither for nor against
 * @param colours a `[256, 3]` colour table
 */
export function mixHeatmap(
  picture: Uint8Array | Uint8ClampedArray,
  map: Float32Array,
  colours: Uint8Array,
  opacity: number,
  diverging: boolean,
): void {
  map.forEach((value, pixel) => {
    const colour = colourIndex(value) * 3;
    const share = opacity * coverage(value, diverging);
    for (let channel = 0; channel < 3; channel++) {
      const at = pixel * 4 + channel;
      const own = picture[at] ?? 0;
      picture[at] = Math.round(own + ((colours[colour + channel] ?? 0) - own) * share);
    }
  });
}

/** Which of 256 colours a value 0 … 1 takes; truncated from float32, as the original does. */
function colourIndex(value: number): number {
  return Math.trunc(Math.fround(Math.min(1, Math.max(0, value)) * 255));
}
