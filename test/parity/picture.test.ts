import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { colourMaps } from '../../src/shared/colour-map';
import { otsuSplit } from '../../src/shared/otsu';
import { normaliseMinMax, upsampleBilinear } from '../../src/shared/upsample';
import { describeWithGolden, goldenPath } from '../shared-folder';

interface Tensor {
  readonly dtype: 'f32' | 'u8' | 'f64';
  readonly shape: readonly number[];
  readonly offset: number;
}

interface Index {
  readonly grid: readonly [number, number];
  readonly tensors: Readonly<Record<string, Tensor>>;
}

/** The tensors of one golden folder that hold pictures. */
function goldenPictures(folder: string) {
  const index = JSON.parse(readFileSync(goldenPath(folder, 'seed.json'), 'utf8')) as Index;
  const bytes = readFileSync(goldenPath(folder, 'seed.bin'));
  const find = (key: string, dtype: Tensor['dtype']): Tensor & { readonly count: number } => {
    const tensor = index.tensors[key];
    if (tensor?.dtype !== dtype) throw new Error(`${folder} has no ${dtype} tensor ${key}.`);
    return { ...tensor, count: tensor.shape.reduce((size, side) => size * side, 1) };
  };
  return {
    grid: index.grid,
    classes: Object.keys(index.tensors).flatMap((key) =>
      key.endsWith('.vis') ? [key.slice(0, -'.vis'.length)] : [],
    ),
    size: (key: string) => index.tensors[key]?.shape ?? [],
    floats: (key: string): Float32Array => {
      const { offset, count } = find(key, 'f32');
      return Float32Array.from({ length: count }, (_, i) => bytes.readFloatLE(offset + 4 * i));
    },
    bytes: (key: string): Uint8Array => {
      const { offset, count } = find(key, 'u8');
      return new Uint8Array(bytes.subarray(offset, offset + count));
    },
  };
}

/** `[3, H, W]` of any range → `[H · W, 3]`, 0 … 1 by smallest and largest value, as the original shows it. */
function pictureFrom(input: Float32Array): Float32Array {
  const unit = normaliseMinMax(input);
  const pixels = unit.length / 3;
  return unit.map((_, at) => unit[(at % 3) * pixels + Math.floor(at / 3)] ?? 0);
}

/**
 * The original's picture: colour added to the picture, the sum scaled so that its largest value is
 * white (Chefer et al. 2021, `show_cam_on_image`), in its float32 arithmetic. `[H · W, 3]`, 8 bits.
 */
function addHeatmap(picture: Float32Array, map: Float32Array, colours: Uint8Array): Uint8Array {
  const sum = picture.map((value, at) => {
    const position = Math.trunc(Math.fround(255 * (map[Math.floor(at / 3)] ?? 0)));
    return Math.fround((colours[position * 3 + (at % 3)] ?? 0) / 255) + value;
  });
  const largest = sum.reduce((most, value) => Math.max(most, value), 0);
  return Uint8Array.from(sum, (value) => Math.fround(255 * Math.fround(value / largest)));
}

function largestDifference(ours: ArrayLike<number>, theirs: ArrayLike<number>): number {
  expect(ours.length).toBe(theirs.length);
  return Math.max(...Array.from(ours, (value, at) => Math.abs(value - (theirs[at] ?? NaN))));
}

for (const folder of ['vit_s', 'mae_s', 'dinov2_s', 'clip_s']) {
  describeWithGolden(`the picture of the original, ${folder}`, `${folder}/seed.bin`, () => {
    const golden = goldenPictures(folder);
    describe.each(golden.classes)('class %s', (target) => {
      const [height = 0, width = 0] = golden.size(`${target}.upsampled01`);
      const map = normaliseMinMax(
        upsampleBilinear(golden.floats(`${target}.transformer_attribution`), golden.grid, [
          height,
          width,
        ]),
      );
      const picture = pictureFrom(golden.floats('input'));

      it('is upsampled to the same numbers', () => {
        expect(largestDifference(map, golden.floats(`${target}.upsampled01`))).toBeLessThan(1e-6);
      });

      it('has the same overlay in jet, byte for byte, from the same map', () => {
        const theirMap = golden.floats(`${target}.upsampled01`);
        const ours = addHeatmap(picture, theirMap, colourMaps.jet);
        expect(largestDifference(ours, golden.bytes(`${target}.vis`))).toBe(0);
      });

      it('has the same overlay in jet from our map, but for single pixels', () => {
        const ours = addHeatmap(picture, map, colourMaps.jet);
        const theirs = golden.bytes(`${target}.vis`);
        // The last bit of a float32 may fall on the other side of a step of the colour table.
        expect(largestDifference(ours, theirs)).toBeLessThanOrEqual(4);
        expect(ours.filter((value, at) => value !== theirs[at]).length).toBeLessThan(10);
      });

      it('has the same Otsu mask', () => {
        const mask = Float32Array.from(otsuSplit(map).mask);
        const ours = addHeatmap(picture, mask, colourMaps.jet);
        expect(largestDifference(ours, golden.bytes(`${target}.vis_otsu`))).toBe(0);
      });
    });
  });
}
