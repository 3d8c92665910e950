/** Small pictures of what the model sees. */
import sharp from 'sharp';
import type { Preprocessing } from '../../shared/preprocessing';
import { decodeImage } from './decode';
import { preprocess, type ModelInput } from './preprocess';
import type { RgbImage } from './resize';

const jpegQuality = 78;

/** The model's input as a picture again: normalising undone, back to the very 8-bit values. */
export function seenPicture({ values, shape }: ModelInput, preprocessing: Preprocessing): RgbImage {
  const [, , height, width] = shape;
  const { rescale, mean, std, channels } = preprocessing;
  const plane = height * width;
  const data = new Uint8Array(3 * plane);
  for (let channel = 0; channel < 3; channel++) {
    const offset = mean[channel] ?? 0;
    const factor = std[channel] ?? 1;
    for (let at = 0; at < plane; at++) {
      const value = ((values[channel * plane + at] ?? 0) * factor + offset) / rescale;
      data[at * 3 + (channels === 'bgr' ? 2 - channel : channel)] = Math.max(
        0,
        Math.min(255, Math.round(value)),
      );
    }
  }
  return { width, height, data };
}

/** A JPEG of at most `side` pixels a side. */
export async function jpegOf(picture: RgbImage, side: number): Promise<Uint8Array> {
  const { width, height, data } = picture;
  return sharp(data, { raw: { width, height, channels: 3 } })
    .resize(side, side, { fit: 'inside', withoutEnlargement: true })
    .jpeg({ quality: jpegQuality })
    .toBuffer();
}

/**
 * What the model sees of an encoded picture, as a small JPEG.
 *
 * @throws Failure `image-unreadable`, `image-too-large`
 */
export async function seenJpeg(
  bytes: Uint8Array,
  name: string,
  preprocessing: Preprocessing,
  side: number,
): Promise<Uint8Array> {
  const input = preprocess(await decodeImage(bytes, name, preprocessing), preprocessing);
  return jpegOf(seenPicture(input, preprocessing), side);
}
