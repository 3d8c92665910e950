/** The part of a picture that the model sees, as a picture again. */
import type { InputWindow } from '../../shared/explanation';
import type { PictureReading } from '../../shared/picture-reading';
import type { ImageSource } from '../../shared/protocol/explain';
import { changedPicture } from './changed-picture';
import { resize, type RgbImage } from './resize';

const padding = 255;

/**
 * @param width height in pixels of the result, which should have the window's shape
 * @throws Failure `image-unreadable`, `image-too-large`, `change-not-applicable`
 */
export async function inputPicture(
  image: ImageSource,
  window: InputWindow,
  width: number,
  height: number,
  reading?: PictureReading,
): Promise<RgbImage> {
  const whole =
    image.kind === 'tensor' ? tensorPicture(image) : await changedPicture(image, reading);
  return cutOut(whole, window, width, height);
}

/** The values of all channels stretched to 0 … 255: the normalisation behind them is not known. */
function tensorPicture({ values, shape }: Extract<ImageSource, { kind: 'tensor' }>): RgbImage {
  const [, , height, width] = shape;
  const plane = height * width;
  const low = values.reduce((a, b) => Math.min(a, b), Infinity);
  const high = values.reduce((a, b) => Math.max(a, b), -Infinity);
  const scale = high > low ? 255 / (high - low) : 0;
  const data = new Uint8Array(3 * plane);
  for (let at = 0; at < data.length; at++) {
    const value = values[(at % 3) * plane + Math.floor(at / 3)] ?? 0;
    data[at] = Math.round((value - low) * scale);
  }
  return { width, height, data };
}

function cutOut(image: RgbImage, window: InputWindow, width: number, height: number): RgbImage {
  const scaledWidth = Math.max(1, Math.round((image.width * width) / window.width));
  const scaledHeight = Math.max(1, Math.round((image.height * height) / window.height));
  const left = Math.round((window.left * width) / window.width);
  const top = Math.round((window.top * height) / window.height);
  const box = {
    left: Math.max(0, left),
    top: Math.max(0, top),
    width: Math.min(scaledWidth, left + width) - Math.max(0, left),
    height: Math.min(scaledHeight, top + height) - Math.max(0, top),
  };
  const part = resize(image, scaledWidth, scaledHeight, 'bicubic', box);
  const data = new Uint8Array(width * height * 3).fill(padding);
  for (let y = 0; y < part.height; y++) {
    const row = part.data.subarray(y * part.width * 3, (y + 1) * part.width * 3);
    data.set(row, ((y + box.top - top) * width + box.left - left) * 3);
  }
  return { width, height, data };
}
