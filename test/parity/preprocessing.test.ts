import { readFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { Preprocessing } from '../../src/shared/preprocessing';
import { resolveModel } from '../../src/store/resolve-model';
import { decodeImage } from '../../src/service/pictures/decode';
import { preprocess } from '../../src/service/pictures/preprocess';
import { resize } from '../../src/service/pictures/resize';
import { runModel } from '../fixtures/intake/run-model';
import { describeWithShared, sharedPath } from '../shared-folder';

/** The index of `golden/preprocess.bin`. */
interface GoldenIndex {
  readonly norms: Record<string, readonly [Triple, Triple]>;
  readonly tensors: Record<string, { dtype: 'u8' | 'f32'; shape: number[]; offset: number }>;
}
type Triple = readonly [number, number, number];

const fixtures = path.resolve(import.meta.dirname, '../fixtures/preprocessing');

/** What `make.py` in the fixtures' folder wrote about each of its cases. */
interface FixtureIndex {
  readonly cases: readonly (Pick<Preprocessing, 'resize' | 'crop' | 'interpolation'> & {
    readonly name: string;
    readonly source: string;
  })[];
}

describe('pictures prepared as Pillow and torchvision do', () => {
  const { cases } = JSON.parse(
    readFileSync(path.join(fixtures, 'index.json'), 'utf8'),
  ) as FixtureIndex;

  it.each(cases)('$name, $interpolation', async ({ name, source, ...rules }) => {
    const image = await decodeImage(readFileSync(path.join(fixtures, source)), source);
    const { values } = preprocess(image, {
      ...rules,
      rescale: 1,
      mean: [0, 0, 0],
      std: [1, 1, 1],
    });
    const reference = await sharp(path.join(fixtures, `${name}.expected.png`))
      .raw()
      .toBuffer();
    const differences = planar(reference).map((value, at) => Math.abs(value - (values[at] ?? NaN)));
    const near = differences.filter((difference) => difference <= 1).length;
    expect(near / differences.length).toBeGreaterThanOrEqual(0.999);
    // JPEG decoders may differ by a level; from lossless pictures every value is the same.
    if (source.endsWith('.png')) expect(Math.max(...differences)).toBe(0);
  });
});

/** `[H, W, 3]` → `[3, H, W]`. */
function planar(interleaved: Uint8Array): number[] {
  const plane = interleaved.length / 3;
  return Array.from(
    { length: interleaved.length },
    (_, at) => interleaved[(at % plane) * 3 + Math.floor(at / plane)] ?? NaN,
  );
}

describeWithShared('photographs prepared as the original does', 'golden/preprocess.json', () => {
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

describeWithShared('public cases, from the files to the logits', 'cases/expected.json', () => {
  const inCases = (...segments: string[]) => sharedPath('cases', ...segments);

  it.each(['01_deit_squash_crop', '02_fast_processor_nulls', '03_multilabel', '04_single_logit'])(
    '%s',
    async (name) => {
      const expected = JSON.parse(readFileSync(inCases('expected.json'), 'utf8')) as Record<
        string,
        { readonly logits: readonly number[] }
      >;
      const file = inCases(name, 'model.onnx');
      const { preprocessing, assumed } = await resolveModel(file, { starterFolder: '' });
      expect(assumed).toEqual([]);
      const picture = await decodeImage(readFileSync(inCases('pic.png')), 'pic.png');
      const { values, shape } = preprocess(picture, preprocessing);
      const logits = await runModel(file, values, [...shape]);
      expect(largestDifference(logits, expected[name]?.logits ?? [])).toBeLessThan(2e-4);
    },
  );
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
  for (let at = 0; at < expected.length; at++)
    largest = Math.max(largest, Math.abs((actual[at] ?? NaN) - (expected[at] ?? NaN)));
  return largest;
}
