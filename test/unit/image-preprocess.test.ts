/** Where the model's input lies in the picture; the values are compared in the parity tests. */
import sharp from 'sharp';
import { expect, it } from 'vitest';
import type { Preprocessing } from '../../src/shared/preprocessing';
import { seenPicture } from '../../src/service/pictures/seen-picture';
import { inputPicture } from '../../src/service/pictures/input-picture';
import { preprocess } from '../../src/service/pictures/preprocess';

const base: Preprocessing = {
  resize: { rule: 'shortest-edge', size: 256 },
  interpolation: 'bilinear',
  crop: [224, 224],
  rescale: 1 / 255,
  mean: [0.5, 0.5, 0.5],
  std: [0.5, 0.25, 0.5],
};

function picture(width: number, height: number, value = 255) {
  return { width, height, data: new Uint8Array(width * height * 3).fill(value) };
}

it('gives the window of a centre crop in pixels of the picture', () => {
  const { window, shape } = preprocess(picture(1024, 512), base);
  expect(shape).toEqual([1, 3, 224, 224]);
  expect(window).toEqual({
    imageWidth: 1024,
    imageHeight: 512,
    left: 288,
    top: 32,
    width: 448,
    height: 448,
  });
});

it('covers the whole picture when it is squashed', () => {
  const { window } = preprocess(picture(30, 50), { ...base, resize: { rule: 'squash' } });
  expect(window).toEqual({
    imageWidth: 30,
    imageHeight: 50,
    left: 0,
    top: 0,
    width: 30,
    height: 50,
  });
});

it('reaches over the edge where the crop is larger, and fills with black', () => {
  const { window, values } = preprocess(picture(100, 100), {
    ...base,
    resize: { rule: 'shortest-edge', size: 100 },
    crop: [100, 120],
  });
  expect(window).toMatchObject({ left: -10, top: 0, width: 120, height: 100 });
  expect([values[9], values[10], values[109], values[110]]).toEqual([-1, 1, 1, -1]);
});

it('normalises each channel by its own mean and deviation', () => {
  const { values } = preprocess(picture(300, 300), base);
  const plane = 224 * 224;
  expect([values[0], values[plane], values[2 * plane]]).toEqual([1, 2, 1]);
});

it('sees the centre in each direction by its own factor when squashed to more than the crop', () => {
  const { window } = preprocess(picture(64, 128), {
    ...base,
    resize: { rule: 'squash', size: [256, 256] },
  });
  expect(window).toEqual({
    imageWidth: 64,
    imageHeight: 128,
    left: 4,
    top: 8,
    width: 56,
    height: 112,
  });
});

it('sees all of the picture and a border where it is contained', () => {
  const { window, values } = preprocess(picture(100, 50), {
    ...base,
    resize: { rule: 'contain', size: [224, 224] },
    fill: [51, 102, 204],
  });
  expect(window).toMatchObject({ left: 0, top: -25, width: 100, height: 100 });
  const plane = 224 * 224;
  const corner = [values[0], values[plane], values[2 * plane]];
  expect(corner).toEqual([0.2, 0.4, 0.8].map((level, at) => expectedOf(level, at)));
  expect(values[112 * 224]).toBe(1);
});

it('cuts off and pads at once where a border was asked for with a crop', () => {
  const { window } = preprocess(picture(100, 50), {
    ...base,
    resize: { rule: 'contain', size: [280, 280] },
  });
  expect(window).toMatchObject({ left: 10, top: -15, width: 80, height: 80 });
});

it('pads on the right and below where the picture lies top left', () => {
  const { window, values } = preprocess(picture(100, 50), {
    ...base,
    resize: { rule: 'contain', size: [224, 224] },
    place: 'top-left',
  });
  expect(window).toMatchObject({ left: 0, top: 0, width: 100, height: 100 });
  expect([values[0], values[224 * 223]]).toEqual([1, -1]);
});

it('takes a picture as it is where nothing is resized', () => {
  const { window } = preprocess(picture(300, 200), { ...base, resize: { rule: 'none' } });
  expect(window).toMatchObject({ left: 38, top: -12, width: 224, height: 224 });
});

it('shows the picture’s own colours of a model that sees blue first', () => {
  const preprocessing: Preprocessing = { ...base, resize: { rule: 'none' }, channels: 'bgr' };
  const input = preprocess(
    { width: 224, height: 224, data: new Uint8Array(224 * 224 * 3).fill(0).fill(200, 0, 1) },
    preprocessing,
  );
  expect(input.values[2 * 224 * 224]).toBeCloseTo((200 / 255 - 0.5) / 0.5, 6);
  expect([...seenPicture(input, preprocessing).data.subarray(0, 4)]).toEqual([200, 0, 0, 0]);
});

it('cuts the window out of the picture again, each axis by its own factor', async () => {
  const data = new Uint8Array(64 * 128 * 3);
  for (let y = 8; y < 120; y++) data.fill(255, (y * 64 + 4) * 3, (y * 64 + 60) * 3);
  const png = await sharp(data, { raw: { width: 64, height: 128, channels: 3 } })
    .png()
    .toBuffer();
  const { window } = preprocess(picture(64, 128), {
    ...base,
    resize: { rule: 'squash', size: [256, 256] },
  });
  const seen = await inputPicture({ kind: 'encoded', name: 'a.png', bytes: png }, window, 56, 112);
  expect(seen.data.every((value) => value === 255)).toBe(true);
});

function expectedOf(level: number, channel: number): unknown {
  return expect.closeTo((level - 0.5) / (base.std[channel] ?? NaN), 6);
}
