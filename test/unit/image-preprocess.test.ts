/** Where the model's input lies in the picture; the values are compared in the parity tests. */
import { expect, it } from 'vitest';
import type { Preprocessing } from '../../src/shared/model';
import { preprocess } from '../../src/worker/image/preprocess';

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
