/** Why a picture is not read, in words. */
import { Failure } from '../../shared/failure';
import { pictureFormats } from '../../shared/picture-endings';

/**
 * Pictures with more pixels than this are refused before any is decoded: 120 megapixels, which
 * lets 108-megapixel photographs in and keeps what a small file can unpack to below 400 MB.
 */
export const maxPixels = 120_000_000;
/** Bytes that all bands may take as they are stored: four of 8 bits in the largest picture. */
const maxBytes = 4 * maxPixels;

/** @throws Failure `image-too-large` */
export function checkSize(name: string, width: number, height: number, bytesOfPixel: number): void {
  const nextStep =
    'Scale the picture down and explain the smaller one: the model looks at a few hundred pixels a side anyway.';
  if (width * height > maxPixels) {
    throw new Failure(
      'image-too-large',
      `“${name}” has ${width} × ${height} pixels; more than ${maxPixels / 1e6} megapixels are not decoded, so that a damaged or hostile file cannot use up the memory.`,
      nextStep,
    );
  }
  if (width * height * bytesOfPixel > maxBytes) {
    throw new Failure(
      'image-too-large',
      `“${name}” has ${width} × ${height} pixels of ${bytesOfPixel} bytes; more than ${maxBytes / 1e6} MB are not decoded, so that a damaged or hostile file cannot use up the memory.`,
      nextStep,
    );
  }
}

export const endsEarly = 'it ends too early or is damaged, as after a broken-off download';

/** @param why a clause */
export function unreadable(name: string, why: string, cause?: unknown): Failure {
  return new Failure(
    'image-unreadable',
    `“${name}” could not be read as a picture: ${why}.`,
    `Choose a ${pictureFormats} file; if this one opens elsewhere, save it anew in one of these formats.`,
    { cause },
  );
}

/** What decoders say of pixels that are missing or do not add up. */
const damaged =
  /premature end|truncated|unexpected end|not enough data|out of order read|libpng read error|treated as error due to failOn|read error at|bad seek|seek error|read TIFF directory|decoding error|corrupt jpeg data|huffman table|table \S+ was not defined|unable to read pixels|invalid frame data|code not yet in table/i;

/** The decoder's own words, shortened to a clause. */
export function reason(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  if (/unsupported image format|corrupt header/i.test(message))
    return 'it is not a picture in a known format, or its beginning is damaged';
  if (damaged.test(message)) return endsEarly;
  if (/^timeout/i.test(message)) return 'decoding it took too long, so it was given up';
  return `the decoder says: ${briefly(message)}`;
}

const longestClause = 300;

/** A damaged table is complained about once for each of its rows. */
function briefly(message: string): string {
  const lines = message.split('\n').map((line) => line.trim().replaceAll(/\s+/g, ' '));
  const words = [...new Set(lines)].filter(Boolean).join(' ');
  return words.length > longestClause ? `${words.slice(0, longestClause)}…` : words;
}
