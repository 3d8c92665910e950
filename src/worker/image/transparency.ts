/** What becomes of transparency: left out, or laid over a colour. */
import type { PictureReading } from '../../shared/picture-reading';

const named = { white: [255, 255, 255], black: [0, 0, 0] } as const;

/** Whether any pixel lets something through. */
export function isTransparent(alpha: Uint8Array): boolean {
  return alpha.some((value) => value < 255);
}

/** @returns undefined where transparency is left out */
export function colourUnder(
  alpha: PictureReading['alpha'] = 'drop',
): readonly [number, number, number] | undefined {
  if (alpha === 'drop') return undefined;
  return typeof alpha === 'string' ? named[alpha] : alpha;
}

/** Lays `rgb`, three bytes a pixel, over one colour, in place. */
export function layOver(
  rgb: Uint8Array,
  alpha: Uint8Array,
  colour: readonly [number, number, number],
): void {
  alpha.forEach((opacity, pixel) => {
    if (opacity === 255) return;
    for (let channel = 0; channel < 3; channel++) {
      const at = pixel * 3 + channel;
      const under = (colour[channel] ?? 0) * (255 - opacity);
      rgb[at] = Math.round(((rgb[at] ?? 0) * opacity + under) / 255);
    }
  });
}
