/** A map laid over a picture, pixel by pixel. Pictures are 8-bit RGB or RGBA, row-major. */

/**
 * Mixes a map into a picture in place: `(1 − opacity) · picture + opacity · colour`, in sRGB.
 *
 * @param picture RGBA, 4 bytes a pixel; its alpha is left alone
 * @param map 0 … 1, one value a pixel
 * @param colours a `[256, 3]` colour table
 */
export function mixHeatmap(
  picture: Uint8Array | Uint8ClampedArray,
  map: Float32Array,
  colours: Uint8Array,
  opacity: number,
): void {
  map.forEach((value, pixel) => {
    const colour = colourIndex(value) * 3;
    for (let channel = 0; channel < 3; channel++) {
      const at = pixel * 4 + channel;
      const own = picture[at] ?? 0;
      picture[at] = Math.round(own + ((colours[colour + channel] ?? 0) - own) * opacity);
    }
  });
}

/** Which of 256 colours a value 0 … 1 takes; truncated from float32, as the original does. */
function colourIndex(value: number): number {
  return Math.trunc(Math.fround(Math.min(1, Math.max(0, value)) * 255));
}
