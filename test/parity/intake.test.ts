/** Checkpoints become models that compute what PyTorch computes with the same weights. */
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openExplainer } from '../../src/engine/open-explainer';
import { buildForwardModel } from '../../src/engine/intake/build-forward-model';
import { Golden } from '../fixtures/intake/golden';
import { largestDifference, runModel } from '../fixtures/intake/run-model';
import { describeWithShared, sharedPath } from '../shared-folder';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'vit-intake-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

interface Figure {
  readonly file: string;
  readonly architecture: string;
  readonly config: object;
  readonly inputSize: readonly [number, number];
  readonly output: 'logits' | 'features';
  readonly images: number;
  readonly expected: readonly number[];
}

const fixture = (file: string) => path.resolve(import.meta.dirname, '../fixtures/intake', file);
const figures = JSON.parse(await readFile(fixture('figures.json'), 'utf8')) as Figure[];

/** The images of `make_reference.py`. */
function waves(dims: readonly number[]): Float32Array {
  const length = dims.reduce((product, size) => product * size, 1);
  return Float32Array.from({ length }, (_, i) => Math.sin(0.37 * i));
}

test.each(figures)(
  '$file ($architecture, $inputSize): the $output of PyTorch',
  async ({ file, architecture, config, inputSize, output, images, expected }) => {
    const checkpoint = await place(fixture(file), config);
    const cacheFolder = path.join(folder, 'cache');
    const built = await buildForwardModel(checkpoint, { cacheFolder, inputSize, output });
    expect(built).toMatchObject({ architecture, inputSize, width: expected.length / images });
    const dims = [images, 3, ...inputSize];
    const result = await runModel(built.onnxPath, waves(dims), dims);
    expect(largestDifference(result, expected)).toBeLessThan(1e-4);
  },
);

const engineOptions = { threads: 1, provider: 'cpu', cacheFolder: undefined } as const;

test.each(figures.filter(({ inputSize, output }) => output === 'logits' && inputSize[0] !== 12))(
  '$file ($architecture): every method that applies explains it',
  async ({ file, config, inputSize, expected, images }) => {
    const checkpoint = await place(fixture(file), config);
    const cacheFolder = path.join(folder, 'cache');
    const built = await buildForwardModel(checkpoint, { cacheFolder, inputSize });
    const explainer = await openExplainer(built.onnxPath, engineOptions);
    try {
      expect(explainer.structure.blocks).toHaveLength(2);
      const classified = await explainer.classify(waves([1, 3, ...inputSize]));
      const classes = Array.from({ length: expected.length / images }, (_, index) => index);
      const logits = expected.slice(0, classes.length);
      expect(largestDifference(classified.logits, logits)).toBeLessThan(1e-4);
      const applicable = explainer.availability().filter(({ reason }) => reason === undefined);
      expect(applicable.length).toBeGreaterThan(10);
      for (const { id } of applicable) {
        const { maps } = await explainer.explain(classified, id, {}, classes);
        expect(maps.every(Number.isFinite), id).toBe(true);
        expect(Math.max(...maps), id).toBeGreaterThan(0);
      }
    } finally {
      await explainer.release();
    }
  },
);

/** A folder with a copy of the checkpoint and its config. */
async function place(checkpoint: string, config?: object): Promise<string> {
  const place = await mkdtemp(path.join(folder, 'model-'));
  const file = path.join(place, path.basename(checkpoint));
  await copyFile(checkpoint, file);
  if (config) await writeFile(path.join(place, 'config.json'), JSON.stringify(config));
  return file;
}

describeWithShared('checkpoints of the golden models', 'golden/weights', () => {
  test.each([
    ['vit_s', 'ViT', { num_heads: 3 }],
    ['mae_s', 'MAE with linear probe', { num_heads: 3 }],
    ['dinov2_s', 'DINOv2', { num_heads: 6 }],
    ['clip_s', 'CLIP vision', { num_heads: 3 }],
  ])('%s: the logits of PyTorch', async (name, architecture, config) => {
    const golden = await Golden.read(sharedPath('golden', name, 'seed.json'));
    const file = await place(sharedPath('golden', 'weights', `${name}.pt`), config);
    const built = await buildForwardModel(file, { cacheFolder: path.join(folder, 'cache') });
    expect(built.architecture).toBe(architecture);
    const logits = await runModel(built.onnxPath, golden.floats('input'), golden.dims('input'));
    expect(largestDifference(logits, golden.floats('logits64'))).toBeLessThan(1e-4);
  });
});

/** Relative to the largest value; `full` divides by sums that nearly cancel, in the reference too. */
const mapTolerance = (method: string) => (method === 'full' ? 2e-3 : 1e-4);

describeWithShared('maps of a checkpoint and of an ONNX export of it', 'golden/vit_s/onnx', () => {
  test.each([
    ['vit_s', 'timm_sdpa_op17_dyn.onnx', { num_heads: 3 }],
    ['mae_s', 'timm_sdpa_op17_b1.onnx', { num_heads: 3 }],
    ['dinov2_s', 'fb_sdpa_op17_dyn.onnx', { num_heads: 6 }],
    ['clip_s', 'openai_op17_dyn.onnx', { num_heads: 3 }],
  ])('%s: equal for every method', async (name, onnx, config) => {
    const golden = await Golden.read(sharedPath('golden', name, 'seed.json'));
    const file = await place(sharedPath('golden', 'weights', `${name}.pt`), config);
    const built = await buildForwardModel(file, { cacheFolder: path.join(folder, 'cache') });
    const ours = await openExplainer(built.onnxPath, engineOptions);
    const theirs = await openExplainer(sharedPath('golden', name, 'onnx', onnx), engineOptions);
    try {
      const pixels = golden.floats('input');
      const [classified, expected] = [await ours.classify(pixels), await theirs.classify(pixels)];
      expect(ours.availability()).toEqual(theirs.availability());
      for (const { id, reason } of ours.availability()) {
        if (reason !== undefined) continue;
        const { maps } = await ours.explain(classified, id, {}, [1, 14]);
        const { maps: exported } = await theirs.explain(expected, id, {}, [1, 14]);
        const largest = Math.max(...exported.map(Math.abs));
        expect(largestDifference(maps, exported) / largest, id).toBeLessThan(mapTolerance(id));
      }
    } finally {
      await ours.release();
      await theirs.release();
    }
  });
});

describeWithShared('the checkpoint of a real ViT', 'models/vit_tiny_patch16_224', () => {
  test('has the logits of its ONNX export', async () => {
    const real = (file: string) => sharedPath('models', 'vit_tiny_patch16_224', file);
    const built = await buildForwardModel(real('state_dict_timm_keys.pt'), {
      cacheFolder: path.join(folder, 'cache'),
    });
    expect(built).toMatchObject({ architecture: 'ViT', inputSize: [224, 224], width: 1000 });
    const input = Float32Array.from({ length: 2 * 3 * 224 * 224 }, (_, i) => Math.sin(i / 1000));
    const dims = [2, 3, 224, 224];
    const expected = await runModel(real('model.onnx'), input, dims);
    expect(largestDifference(await runModel(built.onnxPath, input, dims), expected)).toBeLessThan(
      1e-4,
    );
  });
});

describeWithShared(
  'a ViT of another build (norm after the branches)',
  'models/vit_cifar10_postln',
  () => {
    test('is not taken for one that it only resembles', async () => {
      const file = sharedPath('models', 'vit_cifar10_postln', 'smmk47_vit_cifar10.pth');
      await expect(
        buildForwardModel(file, { cacheFolder: path.join(folder, 'cache') }),
      ).rejects.toMatchObject({ code: 'model-not-a-vit' });
    });
  },
);
