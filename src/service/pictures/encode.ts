/** 8-bit RGB as a PNG file. */
import sharp from 'sharp';
import type { RgbImage } from './resize';

/** @param maxSide a longer picture is scaled down to it */
export async function encodePng(
  { width, height, data }: RgbImage,
  maxSide: number = Math.max(width, height),
): Promise<{ png: Uint8Array; width: number; height: number }> {
  const { data: png, info } = await sharp(data, { raw: { width, height, channels: 3 } })
    .resize(maxSide, maxSide, { fit: 'inside', withoutEnlargement: true })
    .png()
    .toBuffer({ resolveWithObject: true });
  return { png, width: info.width, height: info.height };
}
