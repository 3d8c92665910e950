import { readFileSync } from 'node:fs';
import path from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import type { PictureReading, PictureWindow } from '../../src/shared/picture-reading';
import { decodeImage } from '../../src/service/pictures/decode';

/** Two pixels beside each other: pure red, and half-transparent blue. */
const pixels = sharp(Buffer.from([255, 0, 0, 255, 0, 0, 255, 128]), {
  raw: { width: 2, height: 1, channels: 4 },
});

async function decoded(picture: Sharp | Uint8Array, reading?: PictureReading) {
  const bytes = picture instanceof Uint8Array ? picture : await picture.toBuffer();
  const { width, height, data } = await decodeImage(bytes, 'picture', reading);
  return { width, height, pixels: Array.from(data) };
}

/** A flat picture of one colour. */
function flat(red: number, green: number, blue: number): Sharp {
  return sharp({
    create: { width: 8, height: 8, channels: 3, background: { r: red, g: green, b: blue } },
  });
}

function expectFirstPixel(actual: { pixels: number[] }, expected: number[], tolerance: number) {
  expected.forEach((value, channel) => {
    expect(Math.abs((actual.pixels[channel] ?? NaN) - value)).toBeLessThanOrEqual(tolerance);
  });
}

describe('decoding', () => {
  it.each([
    [undefined, [0, 0, 255]],
    ['drop', [0, 0, 255]],
    ['white', [127, 127, 255]],
    ['black', [0, 0, 128]],
    [
      [255, 0, 0],
      [127, 0, 128],
    ],
  ] as const)('leaves transparency out, or lays it over a colour: %j', async (alpha, blue) => {
    const reading = alpha === undefined ? undefined : { alpha };
    expect(await decoded(pixels.clone().png(), reading)).toEqual({
      width: 2,
      height: 1,
      pixels: [255, 0, 0, ...blue],
    });
  });

  it('makes three channels of greyscale', async () => {
    const grey = greyPng(8, [7, 200], 0);
    expect((await sharp(grey).metadata()).channels).toBe(1);
    expect((await decoded(grey)).pixels).toEqual([7, 7, 7, 200, 200, 200]);
  });

  it('makes three channels of greyscale with transparency', async () => {
    const png = greyPng(8, [7, 255, 0, 0]);
    expect((await sharp(png).metadata()).channels).toBe(2);
    expect((await decoded(png, { alpha: 'white' })).pixels).toEqual([7, 7, 7, 255, 255, 255]);
  });

  it('brings 16-bit colour to 8 bits', async () => {
    const values = Uint16Array.from([65535, 32896, 0, 257, 514, 25700]);
    const png = await sharp(values, { raw: { width: 2, height: 1, channels: 3 } })
      .toColourspace('rgb16')
      .png()
      .toBuffer();
    expect((await sharp(png).metadata()).depth).toBe('ushort');
    expect((await decoded(png)).pixels).toEqual([255, 128, 0, 1, 2, 100]);
  });

  it('brings 16-bit greyscale to 8 bits', async () => {
    const png = greyPng(16, [0xff, 0xff, 0x40, 0x40], 0);
    expect((await sharp(png).metadata()).depth).toBe('ushort');
    expect((await decoded(png)).pixels).toEqual([255, 255, 255, 64, 64, 64]);
  });

  it('leaves an RGB colour profile aside, as training pipelines do', async () => {
    const png = await flat(200, 40, 60).withIccProfile('p3').png().toBuffer();
    const stored = await sharp(png, { ignoreIcc: true }).raw().toBuffer();
    expect((await decoded(png)).pixels.slice(0, 3)).toEqual(Array.from(stored.subarray(0, 3)));
  });

  it('turns the picture upright', async () => {
    const jpeg = await sharp({
      create: { width: 30, height: 10, channels: 3, background: 'red' },
    })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    expect(await decoded(jpeg)).toMatchObject({ width: 10, height: 30 });
  });

  it('takes the first frame of an animation', async () => {
    const frames = Buffer.concat([Buffer.alloc(48, 255), Buffer.alloc(48, 0)]);
    const animation = await sharp(frames, {
      raw: { width: 4, height: 8, channels: 3, pageHeight: 4 },
    })
      .gif({ delay: [100, 100] })
      .toBuffer();
    expect((await sharp(animation).metadata()).pages).toBe(2);
    const first = await decoded(animation);
    expect(first).toMatchObject({ width: 4, height: 4 });
    expect(first.pixels.every((value) => value === 255)).toBe(true);
  });

  it.each(['png', 'jpeg', 'webp', 'avif', 'gif', 'tiff'] as const)('reads %s', async (format) => {
    const picture = await decoded(flat(200, 40, 60).toFormat(format));
    expect(picture).toMatchObject({ width: 8, height: 8 });
    expectFirstPixel(picture, [200, 40, 60], 6);
  });
});

describe('what is no picture', () => {
  const picture = (name: string) =>
    readFileSync(path.resolve(import.meta.dirname, '../fixtures/pictures', name));
  const doubles = picture('grey_float_0_1.tif');
  doubles.writeUInt16LE(64, doubles.indexOf(Buffer.from([2, 1, 3, 0, 1, 0, 0, 0])) + 8);

  it.each<[string, Uint8Array, RegExp]>([
    [
      'a pointer of Git LFS',
      Buffer.from('version https://git-lfs.github.com/spec/v1'),
      /git lfs pull/,
    ],
    ['HEIC', Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1'), /is HEIC/],
    ['DICOM', Buffer.concat([Buffer.alloc(128), Buffer.from('DICM')]), /is DICOM/],
    ['a TIFF of doubles', doubles, /numbers of 64 bits/],
    ['a text', Buffer.from('BMW makes cars, and more than sixty bytes of text.'), /known format/],
    ['a page', Buffer.from('<!DOCTYPE html><html>log in</html>'), /known format/],
    ['half a bitmap', picture('rgb.bmp').subarray(0, 200), /ends too early/],
    ['half a bitmap of runs', picture('rle8.bmp').subarray(0, 150), /ends too early/],
    ['half a TIFF', half(picture('cmyk.tif')), /ends too early or is damaged/],
    ['half a palette', half(picture('palette.tif')), /ends too early or is damaged/],
    ['a damaged PNG', hurt(picture('palette.png'), 0.2), /ends too early or is damaged/],
    ['a damaged interlaced PNG', hurt(picture('rgb_interlaced.png'), 0.5), /early or is damaged/],
    ['a damaged GIF', hurt(picture('animated.gif'), 0.2), /early or is damaged/],
    ['a damaged WebP', hurt(picture('animated.webp'), 0.3), /early or is damaged/],
    ['nothing', new Uint8Array(), /is empty/],
  ])('is refused by its reason: %s', async (_, bytes, why) => {
    await expect(decodeImage(bytes, 'x')).rejects.toMatchObject({
      code: 'image-unreadable',
      message: expect.stringMatching(why) as string,
    });
  });

  it('is refused for its size before anything is unpacked', async () => {
    const header = picture('rgb.bmp').subarray(0, 54);
    header.writeInt32LE(2 ** 31 - 1, 18);
    await expect(decodeImage(header, 'x')).rejects.toMatchObject({ code: 'image-too-large' });
  });
});

describe('numbers of more than 8 bits', () => {
  const grey = (...values: number[]) =>
    greyPng(16, [...Buffer.from(Uint16Array.from(values).buffer).swap16()], 0, values.length);

  it.each<[string, PictureWindow, number[]]>([
    ['low and high', { low: 100, high: 355 }, [0, 0, 1, 155, 255, 255]],
    ['centre and width', { centre: 227.5, width: 255 }, [0, 0, 1, 155, 255, 255]],
    // numpy.percentile(values, [20, 80]) is 100 and 355.
    ['percentiles', { lowPercent: 20, highPercent: 80 }, [0, 0, 1, 155, 255, 255]],
    ['one number', { low: 255, high: 255 }, [0, 0, 0, 0, 0, 0]],
  ])('go through a window of %s', async (_, window, right) => {
    const picture = await decodeImage(grey(0, 100, 101, 255, 355, 60000), 'x.png', { window });
    expect(Array.from(picture.data).filter((_, at) => at % 3 === 0)).toEqual(right);
    expect(picture.remarks).toEqual([]);
  });

  it('say how they became black and white', async () => {
    const { levels, remarks } = await decodeImage(grey(16, 4080), 'x.png');
    expect(levels).toEqual({ kind: '16-bit', lowest: 16, highest: 4080, low: 0, high: 65535 });
    expect(remarks[0]?.predicate).toMatch(
      /^holds 16-bit numbers from 16 to 4080 only, of 0 … 65535/,
    );
    const window = { lowPercent: 0, highPercent: 100 };
    const through = await decodeImage(grey(16, 4080), 'x.png', { window });
    expect(through.levels).toMatchObject({ low: 16, high: 4080, window });
    expect((await decodeImage(await flat(1, 2, 3).png().toBuffer(), 'x')).levels).toBeUndefined();
  });

  it('leave 8 bits alone', async () => {
    const window = { low: 0, high: 4095 };
    expect((await decoded(flat(1, 2, 3).png(), { window })).pixels.slice(0, 3)).toEqual([1, 2, 3]);
  });
});

/** A PNG of a row of grey pixels: with alpha for two values a pixel, else without. */
function greyPng(depth: 8 | 16, bytes: number[], colourType: 0 | 4 = 4, width = 2): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(1, 4);
  header[8] = depth;
  header[9] = colourType;
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.from([0, ...bytes]))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

function half(bytes: Buffer): Uint8Array {
  return bytes.subarray(0, Math.floor(bytes.length * 0.46));
}

/** Five bytes of it are other ones. */
function hurt(bytes: Buffer, share: number): Uint8Array {
  const from = Math.floor(bytes.length * share);
  return bytes.map((byte, at) => (at >= from && at < from + 5 ? byte ^ 0xa5 : byte));
}
