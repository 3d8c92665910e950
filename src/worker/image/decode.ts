/** Any picture that sharp reads, as upright 8-bit RGB. */
import sharp, { type Metadata } from 'sharp';
import { Failure } from '../../shared/failure';
import type { RgbImage } from './resize';

/**
 * Pictures with more pixels than this are refused before any is decoded: 120 megapixels, which
 * lets 108-megapixel photographs in and keeps what a small file can unpack to below 400 MB.
 */
export const MAX_PIXELS = 120_000_000;

/** Drawings are drawn at least this large, in pixels of the long side, since icons would blur. */
const SVG_SIDE = 768;
/** Dots an inch at which an SVG has the size that it states. */
const SVG_DENSITY = 72;

const readable = 'PNG, JPEG, WebP, AVIF, GIF, TIFF or SVG';

/**
 * Decodes the first frame: rotated as its EXIF orientation says, transparency over white,
 * greyscale, CMYK and 16-bit values brought to 8-bit RGB.
 *
 * @param name what the person knows the picture by; used in messages only.
 * @throws Failure `image-too-large`, `image-unreadable`
 */
export async function decodeImage(bytes: Uint8Array, name: string): Promise<RgbImage> {
  if (bytes.byteLength === 0) {
    throw unreadable(name, 'the file is empty');
  }
  const { width, height, space, format } = await readHeader(bytes, name);
  if (width * height > MAX_PIXELS) {
    throw new Failure(
      'image-too-large',
      `“${name}” has ${width} × ${height} pixels; more than ${MAX_PIXELS / 1e6} megapixels are not decoded, so that a damaged or hostile file cannot use up the memory.`,
      'Scale the picture down and explain the smaller one: the model looks at a few hundred pixels a side anyway.',
    );
  }
  try {
    const { data, info } = await sharp(bytes, {
      limitInputPixels: MAX_PIXELS,
      // Models are trained on the stored RGB values, colour profiles left aside; CMYK has no
      // meaning without its profile.
      ignoreIcc: space !== 'cmyk',
      ...(format === 'svg' ? { density: svgDensity(Math.max(width, height)) } : {}),
    })
      .autoOrient()
      .flatten({ background: 'white' })
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return {
      width: info.width,
      height: info.height,
      data: threeChannels(data, info.channels),
    };
  } catch (cause) {
    throw unreadable(name, reason(cause), cause);
  }
}

function svgDensity(side: number): number {
  return SVG_DENSITY * Math.max(1, SVG_SIDE / side);
}

async function readHeader(bytes: Uint8Array, name: string): Promise<Metadata> {
  try {
    return await sharp(bytes, { limitInputPixels: false }).metadata();
  } catch (cause) {
    throw unreadable(name, reason(cause), cause);
  }
}

/** sharp's `raw` leaves greyscale at one channel whatever the colour space asked for. */
function threeChannels(data: Buffer, channels: number): Uint8Array {
  if (channels === 3) {
    return data;
  }
  const pixels = data.length / channels;
  const rgb = new Uint8Array(pixels * 3);
  for (let pixel = 0; pixel < pixels; pixel++) {
    rgb.fill(data[pixel * channels] ?? 0, pixel * 3, pixel * 3 + 3);
  }
  return rgb;
}

/** The decoder's own words, shortened to a clause. */
function reason(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  if (/unsupported image format|corrupt header/i.test(message)) {
    return 'it is not a picture in a known format, or its beginning is damaged';
  }
  if (
    /premature end|truncated|unexpected end|not enough data|out of order read|libpng read error/i.test(
      message,
    )
  ) {
    return 'it ends too early or is damaged, as after a broken-off download';
  }
  return `the decoder says: ${message.trim().replaceAll(/\s+/g, ' ')}`;
}

function unreadable(name: string, why: string, cause?: unknown): Failure {
  return new Failure(
    'image-unreadable',
    `“${name}” could not be read as a picture: ${why}.`,
    `Choose a ${readable} file; if this one opens elsewhere, save it anew in one of these formats.`,
    { cause },
  );
}
