import path from 'node:path';
import sharp from 'sharp';
import { Failure } from '../../shared/failure';
import type { InputWindow } from '../../shared/explanation';

/**
 * For each patch of the model's window, the share of its pixels that a mask marks. Anything but
 * black is the object.
 *
 * @returns `rows * columns` shares, row-major, 0 … 1; patches outside the picture have none
 * @throws Failure `dataset-unusable` when the mask cannot be read
 */
export async function maskCoverage(
  file: string,
  window: InputWindow,
  rows: number,
  columns: number,
): Promise<Float32Array> {
  const { data, info } = await readMask(file);
  const pixelBytes = data.length / (info.width * info.height);
  const scaleX = info.width / window.imageWidth;
  const scaleY = info.height / window.imageHeight;
  const patchWidth = (window.width / columns) * scaleX;
  const patchHeight = (window.height / rows) * scaleY;
  return Float32Array.from({ length: rows * columns }, (_, index) => {
    const left = window.left * scaleX + (index % columns) * patchWidth;
    const top = window.top * scaleY + Math.floor(index / columns) * patchHeight;
    let marked = 0;
    let pixels = 0;
    for (let y = Math.round(top); y < Math.round(top + patchHeight); y++) {
      for (let x = Math.round(left); x < Math.round(left + patchWidth); x++) {
        pixels++;
        if (x < 0 || y < 0 || x >= info.width || y >= info.height) continue;
        const at = (y * info.width + x) * pixelBytes;
        if (data.subarray(at, at + pixelBytes).some((byte) => byte > 0)) marked++;
      }
    }
    return pixels === 0 ? 0 : marked / pixels;
  });
}

async function readMask(file: string) {
  try {
    return await sharp(file)
      .flatten({ background: 'black' })
      // Masks of 16 bits number the objects from 1: brought to 8 bits, these would be black.
      .toColourspace('rgb16')
      .raw({ depth: 'ushort' })
      .toBuffer({ resolveWithObject: true });
  } catch (cause) {
    throw new Failure(
      'dataset-unusable',
      `The mask ${path.basename(file)} could not be read: ${cause instanceof Error ? cause.message : String(cause)}.`,
      'Give masks as PNG files of the same size as the pictures.',
      { cause },
    );
  }
}
