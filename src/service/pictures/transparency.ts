/** What becomes of transparency: left out, or laid over a colour. */
import type { PictureReading } from '../../shared/picture-reading';
import type { StoredNumbers } from './stored';

const named = { white: [255, 255, 255], black: [0, 0, 0] } as const;

/** 0 … 255, of bytes, the upper bytes of 16 bits, or shares; undefined for other numbers. */
export function opacityOf(numbers: StoredNumbers): Uint8Array | undefined {
  if (numbers instanceof Uint8Array) return numbers;
  const isShare = numbers instanceof Float32Array || numbers instanceof Float64Array;
  if (!isShare && !(numbers instanceof Uint16Array)) return undefined;
  const factor = isShare ? 255 : 1 / 256;
  const opacity = new Uint8Array(numbers.length);
  for (let pixel = 0; pixel < opacity.length; pixel++) {
    const value = Math.max(0, Math.min(255, (numbers[pixel] ?? 0) * factor));
    opacity[pixel] = isShare ? Math.round(value) : value;
  }
  return opacity;
}

/** Whether any pixel lets something through. */
export function isTransparent(opacity: Uint8Array): boolean {
  return opacity.some((value) => value < 255);
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
  opacity: Uint8Array,
  colour: readonly [number, number, number],
): void {
  for (let pixel = 0; pixel < opacity.length; pixel++) {
    const share = opacity[pixel] ?? 255;
    if (share === 255) continue;
    for (let channel = 0; channel < 3; channel++) {
      const at = pixel * 3 + channel;
      const under = (colour[channel] ?? 0) * (255 - share);
      rgb[at] = Math.round(((rgb[at] ?? 0) * share + under) / 255);
    }
  }
}
