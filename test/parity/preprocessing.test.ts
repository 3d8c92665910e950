import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { Preprocessing } from '../../src/shared/model';
import { decodeImage } from '../../src/worker/image/decode';
import { preprocess } from '../../src/worker/image/preprocess';
import { resize } from '../../src/worker/image/resize';
import { describeWithShared, sharedPath } from '../shared-folder';

/** The index of `golden/preprocess.bin`. */
interface GoldenIndex {
  readonly norms: Record<string, readonly [Triple, Triple]>;
  readonly tensors: Record<string, { dtype: 'u8' | 'f32'; shape: number[]; offset: number }>;
}
type Triple = readonly [number, number, number];

describeWithShared('pictures prepared as PIL and torchvision do', 'golden/preprocess.json', () => {
  const photographs = { catdog: 'catdog_base.png', class_3: 'class_3.jpg' };
  const norms = { vit: 'vit', imagenet: 'mae', clip: 'clip' };

  for (const [name, file] of Object.entries(photographs)) {
    it(`decodes ${file} to the same pixels`, async () => {
      const image = await decode(file);
      expect(largestDifference(image.data, golden(`${name}.decoded_u8`).values)).toBe(0);
    });

    it(`resizes ${file} to the same pixels`, async () => {
      const image = await decode(file);
      const reference = golden(`${name}.resize256_u8`);
      const [height = 0, width = 0] = reference.shape;
      const whole = { left: 0, top: 0, width, height };
      const resized = resize(image, width, height, 'bilinear', whole);
      expect(largestDifference(resized.data, reference.values)).toBe(0);
    });

    for (const [tensor, norm] of Object.entries(norms)) {
      it(`makes the ${tensor} tensor of ${file}`, async () => {
        const [mean, std] = index().norms[norm] ?? [];
        if (!mean || !std) throw new Error(`no norm ${norm}`);
        const input = preprocess(await decode(file), {
          resize: { rule: 'shortest-edge', size: 256 },
          interpolation: 'bilinear',
          crop: [224, 224],
          rescale: 1 / 255,
          mean,
          std,
        } satisfies Preprocessing);
        const reference = golden(`${name}.${tensor}_tensor`).values;
        expect(largestDifference(input.values, reference)).toBeLessThan(1e-6);
      });
    }
  }
});

function decode(file: string) {
  return decodeImage(readFileSync(sharedPath('photos', file)), file);
}

function index(): GoldenIndex {
  return JSON.parse(readFileSync(sharedPath('golden/preprocess.json'), 'utf8')) as GoldenIndex;
}

function golden(name: string): { shape: number[]; values: Uint8Array | Float32Array } {
  const entry = index().tensors[name];
  if (!entry) throw new Error(`no tensor ${name}`);
  const length = entry.shape.reduce((product, size) => product * size, 1);
  const file = readFileSync(sharedPath('golden/preprocess.bin'));
  const bytes = entry.dtype === 'u8' ? length : length * 4;
  const own = new Uint8Array(file.subarray(entry.offset, entry.offset + bytes));
  return {
    shape: entry.shape,
    values: entry.dtype === 'u8' ? own : new Float32Array(own.buffer),
  };
}

function largestDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Infinity;
  let largest = 0;
  for (let at = 0; at < expected.length; at++) {
    largest = Math.max(largest, Math.abs((actual[at] ?? NaN) - (expected[at] ?? NaN)));
  }
  return largest;
}
