/**
 * From a decoded picture to the model's input, by the rules of torchvision's `Resize` and
 * `CenterCrop` (which timm and CLIP use too) and of the Hugging Face image processors.
 */
import type { InputWindow } from '../../shared/explanation';
import type { Preprocessing } from '../../shared/model';
import { resize, type PixelBox, type RgbImage } from './resize';

/** What the model sees. */
export interface ModelInput {
  /** `[1, 3, height, width]`, row-major. */
  readonly values: Float32Array<ArrayBuffer>;
  readonly shape: readonly [1, 3, height: number, width: number];
  /** Which part of the picture that is. It may reach over the edge where the crop was padded. */
  readonly window: InputWindow;
}

/** Resizes, crops, rescales and normalises. */
export function preprocess(image: RgbImage, preprocessing: Preprocessing): ModelInput {
  const [cropHeight, cropWidth] = preprocessing.crop;
  const [height, width] = resizedSize(image, preprocessing);
  const top = cropOffset(height, cropHeight);
  const left = cropOffset(width, cropWidth);
  const visible: PixelBox = {
    left: Math.max(left, 0),
    top: Math.max(top, 0),
    width: Math.min(width, cropWidth),
    height: Math.min(height, cropHeight),
  };
  const resized = resize(image, width, height, preprocessing.interpolation, visible);
  return {
    values: normalised(resized, Math.max(-left, 0), Math.max(-top, 0), preprocessing),
    shape: [1, 3, cropHeight, cropWidth],
    window: {
      imageWidth: image.width,
      imageHeight: image.height,
      left: (left * image.width) / width,
      top: (top * image.height) / height,
      width: (cropWidth * image.width) / width,
      height: (cropHeight * image.height) / height,
    },
  };
}

/** `[height, width]` after resizing; the long side is truncated to whole pixels, as torchvision does. */
function resizedSize(image: RgbImage, { resize: rule, crop }: Preprocessing): [number, number] {
  if (rule.rule === 'squash') {
    return [crop[0], crop[1]];
  }
  const short = Math.min(image.width, image.height);
  const long = Math.max(image.width, image.height);
  const resizedLong = Math.trunc((rule.size * long) / short);
  return image.width <= image.height ? [resizedLong, rule.size] : [rule.size, resizedLong];
}

/**
 * Where a centre crop begins: half of what is left over, halves rounded to the even pixel
 * (Python's `round`). Negative: so many rows or columns of padding come before the picture,
 * halves rounded down.
 */
function cropOffset(size: number, crop: number): number {
  const margin = (size - crop) / 2;
  if (margin < 0) {
    return Math.ceil(margin);
  }
  const floor = Math.floor(margin);
  return margin - floor === 0.5 ? floor + (floor % 2) : floor;
}

/** Planes of `(value · rescale − mean) / std`; padding is black before normalising. */
function normalised(
  image: RgbImage,
  padLeft: number,
  padTop: number,
  { crop: [cropHeight, cropWidth], rescale, mean, std }: Preprocessing,
): Float32Array<ArrayBuffer> {
  const plane = cropHeight * cropWidth;
  const values = new Float32Array(3 * plane);
  for (let channel = 0; channel < 3; channel++) {
    const table = channelTable(rescale, mean[channel] ?? 0, std[channel] ?? 1);
    const target = values.subarray(channel * plane, (channel + 1) * plane);
    target.fill(table[0] ?? 0);
    for (let y = 0; y < image.height; y++) {
      const row = (y + padTop) * cropWidth + padLeft;
      for (let x = 0; x < image.width; x++) {
        target[row + x] = table[image.data[(y * image.width + x) * 3 + channel] ?? 0] ?? 0;
      }
    }
  }
  return values;
}

function channelTable(rescale: number, mean: number, std: number): Float32Array {
  return Float32Array.from({ length: 256 }, (_, value) => (value * rescale - mean) / std);
}
