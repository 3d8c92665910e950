/**
 * From a decoded picture to the model's input, by the rules of torchvision's `Resize` and
 * `CenterCrop` (which timm and CLIP use too), of timm's and OpenCLIP's `ResizeKeepRatio` and
 * `CenterCropOrPad`, and of the Hugging Face image processors.
 */
import type { InputWindow } from '../../shared/explanation';
import type { Preprocessing } from '../../shared/preprocessing';
import { roundHalfEven } from '../../shared/round-half-even';
import { resize, type PixelBox, type RgbImage } from './resize';

/** What the model sees. */
export interface ModelInput {
  /** `[1, 3, height, width]`, row-major. */
  readonly values: Float32Array<ArrayBuffer>;
  readonly shape: readonly [1, 3, height: number, width: number];
  /** Which part of the picture that is. It may reach over the edge where the crop was padded. */
  readonly window: InputWindow;
}

/** Resizes, crops or pads, rescales and normalises. */
export function preprocess(image: RgbImage, preprocessing: Preprocessing): ModelInput {
  const [cropHeight, cropWidth] = preprocessing.crop;
  const [height, width] = resizedSize(image, preprocessing);
  const top = cropOffset(height, cropHeight, preprocessing);
  const left = cropOffset(width, cropWidth, preprocessing);
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

/** `[height, width]` after resizing. No side becomes less than a pixel. */
function resizedSize(image: RgbImage, { resize: rule, crop }: Preprocessing): [number, number] {
  const { width, height } = image;
  switch (rule.rule) {
    case 'none':
      return [height, width];
    case 'squash': {
      const [toHeight, toWidth] = rule.size ?? crop;
      return [toHeight, toWidth];
    }
    case 'shortest-edge': {
      const [short, long] = edges(rule.size, rule.longest, width, height);
      return width <= height ? [long, short] : [short, long];
    }
    case 'cover':
      return scaled(image, Math.min(height / rule.size[0], width / rule.size[1]));
    case 'contain': {
      if (rule.rounding === 'down') {
        const factor = Math.min(rule.size[0] / height, rule.size[1] / width);
        return [Math.max(1, Math.floor(height * factor)), Math.max(1, Math.floor(width * factor))];
      }
      return scaled(image, Math.max(height / rule.size[0], width / rule.size[1]));
    }
  }
}

/** Both sides divided (not multiplied: it decides on halves) and rounded, as `ResizeKeepRatio` does. */
function scaled({ width, height }: RgbImage, ratio: number): [number, number] {
  return [Math.max(1, roundHalfEven(height / ratio)), Math.max(1, roundHalfEven(width / ratio))];
}

/**
 * `[short, long]` in whole pixels. The long side is truncated as in torchvision's `Resize`; with a
 * bound on it, both are rounded as in the detectors' processors of Hugging Face.
 */
function edges(
  size: number,
  longest: number | undefined,
  width: number,
  height: number,
): [number, number] {
  const short = Math.min(width, height);
  const long = Math.max(width, height);
  if (longest === undefined || (long / short) * size <= longest)
    return [size, Math.trunc((size * long) / short)];
  const exact = (longest * short) / long;
  const rounded = Math.max(1, roundHalfEven(exact));
  return rounded === short ? [short, long] : [rounded, Math.trunc((exact * long) / short)];
}

/**
 * Where a crop begins: half of what is left over. Negative: so many rows or columns of padding come
 * before the picture.
 */
function cropOffset(
  size: number,
  crop: number,
  { cropRounding = 'half-even', place }: Preprocessing,
): number {
  const margin = (size - crop) / 2;
  if (margin < 0 && place === 'top-left') return 0;
  if (cropRounding === 'down') return Math.floor(margin);
  // torchvision rounds the padding before the picture down.
  return cropRounding === 'towards-zero' || margin < 0 ? Math.trunc(margin) : roundHalfEven(margin);
}

/** Planes of `(value · rescale − mean) / std`; padding gets its colour before normalising. */
function normalised(
  image: RgbImage,
  padLeft: number,
  padTop: number,
  { crop: [cropHeight, cropWidth], fill = [0, 0, 0], channels, ...scale }: Preprocessing,
): Float32Array<ArrayBuffer> {
  const plane = cropHeight * cropWidth;
  const values = new Float32Array(3 * plane);
  for (let channel = 0; channel < 3; channel++) {
    const source = channels === 'bgr' ? 2 - channel : channel;
    const mean = scale.mean[channel] ?? 0;
    const std = scale.std[channel] ?? 1;
    const table = channelTable(scale.rescale, mean, std);
    const target = values.subarray(channel * plane, (channel + 1) * plane);
    target.fill(((fill[source] ?? 0) * scale.rescale - mean) / std);
    for (let y = 0; y < image.height; y++) {
      const row = (y + padTop) * cropWidth + padLeft;
      for (let x = 0; x < image.width; x++)
        target[row + x] = table[image.data[(y * image.width + x) * 3 + source] ?? 0] ?? 0;
    }
  }
  return values;
}

function channelTable(rescale: number, mean: number, std: number): Float32Array {
  return Float32Array.from({ length: 256 }, (_, value) => (value * rescale - mean) / std);
}
