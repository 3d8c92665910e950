/** Boxes and masks in the frame that they were drawn in: stored or shown, large or scaled down. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { boxesShown, placingOf, turnedBy } from '../../src/dataset/annotations/frame';
import { maskCoverage } from '../../src/service/batch/mask-coverage';
import { orientationOf } from '../../src/service/pictures/orientation';

const orientations = [1, 2, 3, 4, 5, 6, 7, 8];
/** Left, top, right and bottom differ in all ways to turn and mirror them. */
const stored = { width: 8, height: 4 };
const box = { left: 1, top: 2, width: 5, height: 1 };

let folder = '';
beforeAll(async () => (folder = await mkdtemp(path.join(tmpdir(), 'vit-frames-'))));
afterAll(() => rm(folder, { recursive: true }));

/** White where the box is. */
async function picture(orientation: number, { width, height } = stored): Promise<Buffer> {
  const data = Buffer.alloc(width * height);
  for (let y = box.top; y < box.top + box.height; y++)
    for (let x = box.left; x < box.left + box.width; x++) data[y * width + x] = 255;
  return sharp(data, { raw: { width, height, channels: 1 } })
    .withMetadata({ orientation })
    .png()
    .toBuffer();
}

describe('a box on what is stored', () => {
  it.each(orientations)('lies where decoding shows it: orientation %i', async (orientation) => {
    const file = await picture(orientation);
    expect(await orientationOf(file)).toBe(orientation);
    const { data, info } = await sharp(file)
      .autoOrient()
      .greyscale()
      .raw()
      .toBuffer({ resolveWithObject: true });
    const shown = { width: info.width, height: info.height, orientation };
    const [placed = box] = boxesShown([box], { ...stored, lies: 'stored' }, shown);
    const white = [...data].flatMap((value, at) => (value > 128 ? [at] : []));
    const columns = white.map((at) => at % info.width);
    const rows = white.map((at) => Math.floor(at / info.width));
    expect({
      left: Math.round(placed.left),
      top: Math.round(placed.top),
      width: Math.round(placed.width),
      height: Math.round(placed.height),
    }).toEqual({
      left: Math.min(...columns),
      top: Math.min(...rows),
      width: Math.max(...columns) - Math.min(...columns) + 1,
      height: Math.max(...rows) - Math.min(...rows) + 1,
    });
  });

  it('of any pixel, too', () => {
    expect(turnedBy(6, 0.75, 0)).toEqual([1, 0.75]);
    expect(turnedBy(1, 0.2, 0.3)).toEqual([0.2, 0.3]);
  });
});

describe('the frame of boxes', () => {
  const upright = { width: 48, height: 96, orientation: 6 };
  const plain = { width: 96, height: 48, orientation: 1 };
  const square = { width: 50, height: 50, orientation: 8 };
  const small = [{ left: 0, top: 0, width: 10, height: 10 }];
  const wide = [{ left: 72, top: 0, width: 24, height: 48 }];
  const size = (width: number, height: number) => ({ width, height });

  it.each([
    ['the size of what is stored', size(96, 48), upright, small, 'stored'],
    ['the size of what is shown', size(48, 96), upright, small, 'shown'],
    ['half of what is stored', size(48, 24), upright, small, 'stored'],
    ['three times what is shown', size(144, 288), upright, wide, 'shown'],
    [
      'nearly square, but exactly as stored',
      size(101, 100),
      { ...size(100, 101), orientation: 6 },
      small,
      'stored',
    ],
    [
      'a picture scaled down since',
      size(500, 375),
      { ...size(256, 192), orientation: 1 },
      small,
      'shown',
    ],
    [
      'a picture scaled down, sides rounded',
      size(500, 333),
      { ...size(224, 149), orientation: 1 },
      small,
      'shown',
    ],
    ['no size, but a box that only what is stored holds', undefined, upright, wide, 'stored'],
    ['no size, and nothing is turned', undefined, plain, wide, 'shown'],
  ] as const)('is known by %s', (_, stated, shown, boxes, lies) => {
    const placing = placingOf(stated, shown, boxes);
    expect(placing.doubt).toBeUndefined();
    expect(placing.frame?.lies).toBe(lies);
  });

  it.each([
    ['a square picture that is turned', size(50, 50), square, small, /either way/],
    ['one upside down', size(96, 48), { ...plain, orientation: 3 }, small, /either way/],
    ['a turned one without a size', undefined, upright, small, /either way/],
    ['other proportions', size(96, 48), { ...size(50, 50), orientation: 1 }, small, /stretched/],
    ['boxes a little over the edge', size(94, 47), plain, wide, /over the edge of the 94 × 47/],
  ] as const)('is in doubt for %s', (_, stated, shown, boxes, doubt) => {
    const placing = placingOf(stated, shown, boxes);
    expect(placing.doubt).toMatch(doubt);
    expect(placing.frame?.lies).toBe('shown');
  });

  it('is none where the boxes reach far beyond it', () => {
    expect(placingOf(size(20, 10), plain, wide)).toMatchObject({
      frame: undefined,
      doubt: 'boxes reach far beyond the 20 × 10 pixels that the annotation states: left out',
    });
    expect(placingOf(undefined, { ...size(50, 50), orientation: 1 }, wide)).toMatchObject({
      frame: undefined,
      doubt: expect.stringMatching(/beyond the picture, and no size is stated/) as string,
    });
  });

  it('is none where the picture was turned by hand since', () => {
    expect(placingOf(size(96, 48), { ...size(48, 96), orientation: 1 }, small)).toMatchObject({
      frame: undefined,
      doubt: expect.stringMatching(/turned since/) as string,
    });
  });

  it('may be shares of the picture', () => {
    const half = [{ left: 0.5, top: 0.25, width: 0.5, height: 0.5 }];
    const { frame } = placingOf(size(1, 1), plain, half);
    expect(frame && boxesShown(half, frame, plain)).toEqual([
      { left: 48, top: 12, width: 48, height: 24 },
    ]);
  });
});

describe('a mask', () => {
  const coverage = async (mask: Buffer, shown: { width: number; height: number }, turn: number) => {
    const file = path.join(folder, 'mask.png');
    await sharp(mask).toFile(file);
    const { width, height } = shown;
    const window = { imageWidth: width, imageHeight: height, left: 0, top: 0, width, height };
    // Patches as large as a pixel of the mask.
    const turned = turn >= 5;
    const { shares, doubt } = await maskCoverage(
      file,
      window,
      turn,
      turned ? stored.width : stored.height,
      turned ? stored.height : stored.width,
    );
    return { marked: shares && [...shares], doubt };
  };

  it.each(orientations.slice(4))('lies as its picture is stored: orientation %i', async (turn) => {
    const { data } = await sharp(await picture(turn))
      .autoOrient()
      .greyscale()
      .raw()
      .toBuffer({ resolveWithObject: true });
    const expected = [...data].map((value) => Number(value > 128));
    const asStored = await sharp(await picture(1)).toBuffer();
    const shown = { width: 40, height: 80 };
    expect(await coverage(asStored, shown, turn)).toEqual({ marked: expected, doubt: undefined });
    const asShown = await sharp(await picture(turn))
      .autoOrient()
      .toBuffer();
    expect(await coverage(asShown, shown, turn)).toEqual({ marked: expected, doubt: undefined });
  });

  it('may be larger than its picture; of other proportions it is in doubt, or laid nowhere', async () => {
    const mask = await picture(1);
    expect((await coverage(mask, { width: 4, height: 2 }, 1)).doubt).toBeUndefined();
    expect((await coverage(mask, { width: 80, height: 80 }, 1)).doubt).toMatch(/stretched/);
    expect(await coverage(mask, { width: 40, height: 80 }, 1)).toEqual({
      marked: undefined,
      doubt: expect.stringMatching(/turned since/) as string,
    });
  });
});
