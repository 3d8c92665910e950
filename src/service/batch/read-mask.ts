import path from 'node:path';
import { describeFileError, largest, readRegular } from '../../engine/files/regular-file';
import { Failure } from '../../shared/failure';
import { drawSvg } from '../pictures/draw-svg';
import { isSvg } from '../pictures/is-svg';
import { raster } from '../pictures/raster';
import { maxPixels, reason } from '../pictures/unreadable';

export interface Mask {
  readonly width: number;
  readonly height: number;
  /** A byte a pixel, row by row; 1: the object. */
  readonly marked: Uint8Array;
}

/**
 * A picture as a mask: anything but black is the object, and nothing transparent.
 *
 * @throws Failure `dataset-unusable`
 */
export async function readMask(file: string): Promise<Mask> {
  try {
    const bytes = await readRegular(file, largest.picture);
    return await (isSvg(bytes) ? drawnMask(bytes, path.basename(file)) : storedMask(bytes));
  } catch (cause) {
    throw new Failure(
      'dataset-unusable',
      `The mask ${path.basename(file)} could not be read: ${whyNot(cause)}`,
      'Give masks as PNG files of the same proportions as the pictures.',
      { cause },
    );
  }
}

function whyNot(cause: unknown): string {
  if (cause instanceof Failure) return cause.message;
  const isOfFile = cause instanceof Error && 'code' in cause;
  return `${isOfFile ? describeFileError(cause) : reason(cause)}.`;
}

async function storedMask(bytes: Uint8Array): Promise<Mask> {
  const { data, info } = await raster(bytes, { limitInputPixels: maxPixels })
    .autoOrient()
    .flatten({ background: 'black' })
    // Masks of 16 bits number the objects from 1: brought to 8 bits, these would be black.
    .toColourspace('rgb16')
    .raw({ depth: 'ushort' })
    .toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  return { width, height, marked: whereAnyByte(data, width * height) };
}

async function drawnMask(bytes: Uint8Array, name: string): Promise<Mask> {
  const { width, height, numbers } = await drawSvg(bytes, name);
  // What is transparent shows the black under it.
  for (let at = 0; at < numbers.length; at += 4) {
    if (numbers[at + 3] === 0) numbers.fill(0, at, at + 3);
    numbers[at + 3] = 0;
  }
  return { width, height, marked: whereAnyByte(numbers, width * height) };
}

/** 1 for each pixel that has a byte other than 0. */
function whereAnyByte(data: ArrayLike<number>, pixels: number): Uint8Array {
  const bytes = data.length / pixels;
  return Uint8Array.from({ length: pixels }, (_, index) => {
    const at = index * bytes;
    for (let byte = at; byte < at + bytes; byte++) if (data[byte] !== 0) return 1;
    return 0;
  });
}
