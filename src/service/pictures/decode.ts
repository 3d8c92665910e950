/** Any picture that is read here, as upright 8-bit RGB, and what has to be known of how that came. */
import type { Metadata } from 'sharp';
import type { PictureLevels, PictureReading } from '../../shared/picture-reading';
import type { PictureRemark } from '../../shared/picture-remark';
import { isBmp, readBmp } from './bmp';
import { rgbOf, rgbOfCmyk } from './colours';
import { drawSvg } from './draw-svg';
import { isSvg } from './is-svg';
import { transparentColour } from './gif-background';
import { toBytes } from './levels';
import { otherFormat } from './other-format';
import { headerRemarks } from './header-remarks';
import { raster } from './raster';
import { readStored, type ReadPicture } from './read-stored';
import type { RgbImage } from './resize';
import { takeBands } from './stored';
import { readTiffTags, type TiffTags } from './tiff-tags';
import { colourUnder, isTransparent, layOver, opacityOf } from './transparency';
import { checkSize, reason, unreadable } from './unreadable';

export interface DecodedPicture extends RgbImage {
  readonly remarks: readonly PictureRemark[];
  /** Of a picture of more than 8 bits a channel. */
  readonly levels?: PictureLevels;
}

/**
 * Decodes the first frame, as Pillow's `convert('RGB')` gives it where that is of use to a model:
 * the first three bands, CMYK by Pillow's formula, colour profiles left aside, transparency as
 * `reading` says; rotated as the EXIF orientation says. Numbers of more than 8 bits go through
 * `toBytes` (src/service/pictures/levels.ts).
 *
 * @param name what the person knows the picture by; used in messages only.
 * @throws Failure `image-too-large`, `image-unreadable`
 */
export async function decodeImage(
  bytes: Uint8Array,
  name: string,
  reading: PictureReading = {},
): Promise<DecodedPicture> {
  if (bytes.byteLength === 0) throw unreadable(name, 'the file is empty');
  if (isBmp(bytes)) {
    const picture = readBmp(bytes, name);
    return colours(
      name,
      { ...picture, isCmyk: false },
      3,
      picture.bands > 3 ? 3 : undefined,
      reading,
    );
  }
  if (isSvg(bytes)) {
    // A drawing has no colours under what it leaves transparent.
    const { alpha = 'drop' } = reading;
    const drawn = await drawSvg(bytes, name);
    return colours(name, drawn, 3, 3, { alpha: alpha === 'drop' ? 'white' : alpha });
  }
  const header = await readHeader(bytes, name);
  const { format, space } = header;
  checkSize(name, header.width, header.height, header.channels * (bytesOf[header.depth] ?? 1));
  const tags = format === 'tiff' ? readTiffTags(bytes) : undefined;
  let picture: ReadPicture;
  try {
    picture = await readStored(bytes, header);
  } catch (cause) {
    throw unreadable(name, reason(cause), cause);
  }
  if (format === 'gif' && header.hasAlpha) fillTransparent(picture, bytes);
  const isGrey = picture.bands < 3;
  const colourBands = picture.isCmyk ? 4 : isGrey ? 1 : 3;
  const alphaBand = alphaBandOf(header, tags, picture, colourBands);
  const decoded = colours(name, picture, colourBands, alphaBand, reading, tags?.range);
  const storedColours = tags?.colours ?? (space === 'cmyk' ? 4 : header.channels < 3 ? 1 : 3);
  return {
    ...decoded,
    remarks: [...headerRemarks(bytes, header, tags, storedColours), ...decoded.remarks],
  };
}

/** Bytes of a number, by libvips' name of its format. */
const bytesOf: Readonly<Record<string, number>> = {
  ushort: 2,
  short: 2,
  uint: 4,
  int: 4,
  float: 4,
  double: 8,
  complex: 8,
  dpcomplex: 16,
};

async function readHeader(bytes: Uint8Array, name: string): Promise<Metadata> {
  try {
    return await raster(bytes, { limitInputPixels: false }).metadata();
  } catch (cause) {
    const { bits } = readTiffTags(bytes);
    throw unreadable(name, otherFormat(bytes, bits) ?? reason(cause), cause);
  }
}

/** The band of what was read that is transparency; of a TIFF only where its tags say so. */
function alphaBandOf(
  header: Metadata,
  tags: TiffTags | undefined,
  { bands }: ReadPicture,
  colourBands: number,
): number | undefined {
  if (tags === undefined) return header.hasAlpha && bands > colourBands ? bands - 1 : undefined;
  const at = colourBands + (tags.alpha ?? Infinity);
  return at < bands ? at : undefined;
}

/**
 * Splits colours from transparency, and brings both to 8 bits.
 *
 * @throws Failure `image-unreadable` as `toBytes`
 */
function colours(
  name: string,
  picture: ReadPicture,
  colourBands: number,
  alphaBand: number | undefined,
  reading: PictureReading,
  range?: readonly [number, number],
): DecodedPicture {
  const { width, height, bands, numbers, kind, isCmyk } = picture;
  const remarks: PictureRemark[] = [];
  const own = bands === colourBands ? numbers : takeBands(numbers, bands, 0, colourBands);
  const levelled =
    own instanceof Uint8Array
      ? undefined
      : toBytes(name, { numbers: own, kind }, reading.window, range);
  const eight = own instanceof Uint8Array ? own : (levelled?.data ?? new Uint8Array());
  const data = isCmyk ? rgbOfCmyk(eight) : rgbOf(eight, colourBands);
  if (alphaBand !== undefined) {
    const opacity = opacityOf(takeBands(numbers, bands, alphaBand, 1));
    const colour = colourUnder(reading.alpha);
    if (opacity !== undefined && isTransparent(opacity)) {
      if (colour) layOver(data, opacity, colour);
      else remarks.push(transparencyDropped);
    }
  }
  return {
    width,
    height,
    data,
    remarks: [...remarks, ...(levelled?.remarks ?? [])],
    ...(levelled && { levels: levelled.levels }),
  };
}

const transparencyDropped: PictureRemark = {
  kind: 'transparency',
  predicate:
    'has transparency, which is left out: the model sees the colours stored under it, as Python’s loaders (Pillow’s convert("RGB")) do.',
  field: 'alpha',
};

function fillTransparent({ numbers, bands }: ReadPicture, bytes: Uint8Array): void {
  const colour = transparentColour(bytes);
  if (colour === undefined || bands !== 4) return;
  for (let at = 0; at < numbers.length; at += 4) if (numbers[at + 3] === 0) numbers.set(colour, at);
}
