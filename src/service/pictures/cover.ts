/** Rectangles of a picture covered, so that what lies there says nothing any more. */
import sharp, { type OverlayOptions } from 'sharp';
import { Failure } from '../../shared/failure';
import { boxInWords } from '../../shared/change-in-words';
import type { Cover, PictureBox } from '../../shared/picture-change';
import type { RgbImage } from './resize';

/**
 * The usual blur of what is taken away (Fong and Vedaldi, Interpretable Explanations of Black Boxes
 * by Meaningful Perturbation, 2017): a Gaussian of 10 pixels in a picture of 224.
 */
const blurSide = 224;
const blurDeviation = 10;

/**
 * All of them with colour and blur of the picture as it came, one over the other.
 * @throws Failure `change-not-applicable` where one reaches beyond the picture
 */
export async function cover(
  image: RgbImage,
  covers: readonly Cover[],
  name: string,
): Promise<RgbImage> {
  for (const box of covers) checkInside(box, image, name);
  const blurred = covers.some(({ fill }) => fill === 'blur') ? await blur(image) : undefined;
  const { width, height } = image;
  const background = meanColour(image);
  const patches = covers.map(async (box): Promise<OverlayOptions> => {
    const { left, top } = box;
    const size = { width: box.width, height: box.height, channels: 3 as const };
    if (box.fill === 'mean' || blurred === undefined)
      return { left, top, input: { create: { ...size, background } } };
    const area = { left, top, width: box.width, height: box.height };
    const input = await raw(blurred)
      .resize(width, height, { fit: 'fill' })
      .extract(area)
      .raw()
      .toBuffer();
    return { left, top, input, raw: size };
  });
  const data = await raw(image)
    .composite(await Promise.all(patches))
    .removeAlpha()
    .raw()
    .toBuffer();
  return { width, height, data };
}

/** The part of a picture in a box. @throws Failure `change-not-applicable` where that reaches beyond it */
export async function partOf(image: RgbImage, box: PictureBox, name: string): Promise<RgbImage> {
  checkInside(box, image, name);
  const { left, top, width, height } = box;
  return {
    width,
    height,
    data: await raw(image).extract({ left, top, width, height }).raw().toBuffer(),
  };
}

/** Small: nothing is lost that the blur would leave. */
async function blur(image: RgbImage): Promise<RgbImage> {
  const deviation = blurDeviation * Math.min(1, Math.max(image.width, image.height) / blurSide);
  const { data, info } = await raw(image)
    .resize(blurSide, blurSide, { fit: 'inside', withoutEnlargement: true })
    .blur({ sigma: Math.max(leastDeviation, deviation), minAmplitude: 0.01 })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}

/** Of libvips. */
const leastDeviation = 0.3;

function meanColour({ data }: RgbImage) {
  const sums = [0, 0, 0];
  for (let at = 0; at < data.length; at++) sums[at % 3] = (sums[at % 3] ?? 0) + (data[at] ?? 0);
  const [r = 0, g = 0, b = 0] = sums.map((sum) => Math.round((sum * 3) / data.length));
  return { r, g, b };
}

function raw({ width, height, data }: RgbImage) {
  return sharp(data, { raw: { width, height, channels: 3 }, limitInputPixels: false });
}

function checkInside(box: PictureBox, { width, height }: RgbImage, name: string): void {
  if (box.left + box.width <= width && box.top + box.height <= height) return;
  throw new Failure(
    'change-not-applicable',
    `${boxInWords(box)} reach beyond “${name}”, which has ${width} × ${height}.`,
    'Choose a rectangle that lies within the picture.',
  );
}
