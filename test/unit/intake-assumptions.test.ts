/** What the weights do not tell: stated by the manifest or a config, or assumed with a reason. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildForwardModel } from '../../src/engine/intake/build-forward-model';
import type { StatedArchitecture } from '../../src/shared/architecture';
import {
  placeCheckpoint,
  timmWeights,
  weightsOf,
  zeros,
} from '../fixtures/intake/place-checkpoint';
import type { Weights } from '../fixtures/intake/place-checkpoint';
import { largestDifference, runModel } from '../fixtures/intake/run-model';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'vit-assumed-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function build(weights: Weights, config: unknown, stated: StatedArchitecture = {}) {
  const file = await placeCheckpoint(folder, weights, config);
  return buildForwardModel(file, { cacheFolder: path.join(folder, 'cache'), stated });
}

/** Subject and value of everything assumed. */
async function assumedOf(
  weights: Weights,
  config: unknown = null,
  stated?: StatedArchitecture,
): Promise<Record<string, string>> {
  const { assumed } = await build(weights, config, stated);
  for (const { reason, field } of assumed) {
    expect(reason).not.toBe('');
    expect(field).toMatch(/^architecture\.\w+$/);
  }
  return Object.fromEntries(assumed.map(({ subject, value }) => [subject, value]));
}

const everything = {
  'attention heads': '3',
  activation: 'exact GELU',
  'LayerNorm epsilon': '0.000001',
  'patch grid': '4 × 4',
  readout: 'class token',
};

describe('a checkpoint that nothing describes', () => {
  test('is listed with all that was assumed, from the cache as well', async () => {
    expect(await assumedOf(timmWeights(192))).toEqual(everything);
    expect(await assumedOf(timmWeights(192))).toEqual(everything);
  });

  test.each([
    [128, '2'],
    [512, '8'],
    [1152, '16'],
  ])('of width %i has %s heads', async (dim, heads) => {
    expect(await assumedOf(timmWeights(dim))).toMatchObject({ 'attention heads': heads });
  });

  test('and whose class token is read only as far as its heads show', async () => {
    const distilled = timmWeights(64, 17);
    distilled.set('dist_token', zeros(1, 1, 64));
    distilled.set('head_dist.weight', zeros(5, 64)).set('head_dist.bias', zeros(5));
    expect(await assumedOf(distilled)).toMatchObject({ readout: 'class and distillation token' });
    const mean = timmWeights(64);
    mean.set('fc_norm.weight', zeros(64)).set('fc_norm.bias', zeros(64));
    expect(await assumedOf(mean)).not.toHaveProperty('readout');
  });
});

describe('a layer without a bias in any block', () => {
  test.each([
    ['attn.proj', 'no bias in the projection behind the attention'],
    ['mlp.fc2', 'no bias in the second layer of the MLP'],
    ['head', 'no bias in the head'],
  ])('%s: %s', async (layer, value) => {
    const weights = timmWeights(192);
    expect(weights.delete(layer === 'head' ? 'head.bias' : `blocks.0.${layer}.bias`)).toBe(true);
    expect(await assumedOf(weights)).toEqual({ ...everything, weights: value });
  });

  test('is custom for query, key and value', async () => {
    const weights = timmWeights(192);
    weights.delete('blocks.0.attn.qkv.bias');
    expect(await assumedOf(weights)).toEqual(everything);
  });

  test('is what timm’s proj_bias says', async () => {
    const weights = timmWeights(192);
    for (const layer of ['attn.proj', 'mlp.fc1', 'mlp.fc2'])
      weights.delete(`blocks.0.${layer}.bias`);
    const assumed = await assumedOf(weights, { model_args: { proj_bias: false } });
    expect(assumed).not.toHaveProperty('weights');
  });
});

describe('what a config says is not assumed', () => {
  const weights = timmWeights(192);
  test.each([
    ['num_heads', { num_heads: 12 }, ['attention heads']],
    ['num_attention_heads', { num_attention_heads: 12 }, ['attention heads']],
    ['hidden_act', { hidden_act: 'gelu_new' }, ['activation']],
    ['layer_norm_eps', { layer_norm_eps: 1e-5 }, ['LayerNorm epsilon']],
    ['img_size as a number', { img_size: 16 }, ['patch grid']],
    ['img_size as a pair', { img_size: [8, 32] }, ['patch grid']],
    ['image_size as an object', { image_size: { height: 16, width: 16 } }, ['patch grid']],
    ['pretrained_cfg.input_size', { pretrained_cfg: { input_size: [3, 32, 8] } }, ['patch grid']],
    [
      'model_args',
      { model_args: { num_heads: 6, img_size: 16 } },
      ['attention heads', 'patch grid'],
    ],
    ['global_pool', { global_pool: 'avg' }, ['readout']],
    [
      'an architecture of timm',
      { architecture: 'vit_tiny_patch16_224', pretrained_cfg: { input_size: [3, 16, 16] } },
      Object.keys(everything),
    ],
    ['a class of transformers', { model_type: 'vit' }, ['activation', 'LayerNorm epsilon']],
  ])('%s', async (_, config, known) => {
    const left = Object.keys(everything).filter((subject) => !known.includes(subject));
    expect(Object.keys(await assumedOf(weights, config)).sort()).toEqual(left.sort());
  });

  test('a size that does not fit the positions is no statement about them', async () => {
    const { assumed } = await build(weights, { num_heads: 3, img_size: 224 });
    expect(assumed.find(({ subject }) => subject === 'patch grid')?.reason).toContain('224 × 224');
  });

  test('the one architecture of width 768 with 16 heads', async () => {
    const gap = timmWeights(768);
    gap.delete('cls_token');
    gap.set('pos_embed', zeros(1, 16, 768));
    expect(await assumedOf(gap)).toMatchObject({ 'attention heads': '12' });
    const named = await build(gap, { architecture: 'vit_base_patch16_gap_224' });
    expect(named.assumed.map(({ subject }) => subject)).toEqual(['patch grid']);
    const pixels = Float32Array.from({ length: 768 }, (_, i) => Math.cos(i));
    const logits = await runModel(named.onnxPath, pixels, [1, 3, 16, 16]);
    const differenceTo = async (heads: number) => {
      const { onnxPath } = await build(gap, { num_heads: heads });
      return largestDifference(await runModel(onnxPath, pixels, [1, 3, 16, 16]), logits);
    };
    expect(await differenceTo(16)).toBe(0);
    expect(await differenceTo(12)).toBeGreaterThan(0);
  });
});

describe('what a config says in other words', () => {
  const weights = timmWeights(192);
  test('numbers written as text are numbers', async () => {
    const config = { num_attention_heads: ' 4 ', layer_norm_eps: '1e-5', image_size: '16' };
    const assumed = await assumedOf(weights, config);
    expect(assumed).toEqual({ activation: 'exact GELU', readout: 'class token' });
    await expect(build(weights, { num_attention_heads: '5' })).rejects.toThrow('5 attention heads');
  });

  test.each([
    ['attention heads', { num_attention_heads: [4] }],
    ['attention heads', { num_attention_heads: 'four', model_type: 'vit' }],
    ['attention heads', { architecture: 'vit_tiny_patch16_224', num_heads: true }],
    ['activation', { hidden_act: 3, model_type: 'vit' }],
    ['LayerNorm epsilon', { layer_norm_eps: 'small', model_type: 'vit' }],
    ['patch grid', { image_size: 'small', model_type: 'vit' }],
    ['readout', { architecture: 'vit_tiny_patch16_224', global_pool: false }],
    ['weights', { model_args: { depth: 'one' } }],
  ])('is named where it is not understood: %s of %j', async (subject, config) => {
    const { assumed } = await build(weights, config);
    const reason = assumed.find((one) => one.subject === subject)?.reason;
    expect(reason).toContain('in config.json is not understood');
  });
});

describe('the manifest goes before config and custom', () => {
  interface Figure {
    readonly file: string;
    readonly config: object;
    readonly inputSize: readonly number[];
    readonly output: string;
    readonly images: number;
    readonly expected: readonly number[];
  }
  const waves = (length: number) => Float32Array.from({ length }, (_, i) => Math.sin(0.37 * i));

  test.each([
    [
      'timm_registers.safetensors',
      { num_attention_heads: 4, img_size: [8, 32] },
      { heads: 2, grid: [5, 5] },
    ],
    [
      'hf_vit.safetensors',
      { num_attention_heads: 8, hidden_act: 'relu' },
      { heads: 2, activation: 'gelu' },
    ],
    [
      'hf_clip_classifier.safetensors',
      { num_attention_heads: 8, layer_norm_eps: 0.1 },
      { heads: 2, normEpsilon: 1e-5 },
    ],
  ] as const)('%s: PyTorch’s logits in spite of a wrong config', async (file, config, stated) => {
    const text = await readFile(
      path.resolve(import.meta.dirname, '../fixtures/intake/figures.json'),
      'utf8',
    );
    const figures = JSON.parse(text) as readonly Figure[];
    const figure = figures.find((one) => one.file === file && one.output === 'logits');
    if (figure === undefined) throw new Error(`No figure for ${file}`);
    const weights = await weightsOf(file);
    const { images, inputSize, expected } = figure;
    const dims = [images, 3, ...inputSize];
    const run = async (said: StatedArchitecture) => {
      const built = await build(weights, { ...figure.config, ...config }, said);
      const pixels = waves(dims.reduce((product, size) => product * size, 1));
      return largestDifference(await runModel(built.onnxPath, pixels, dims), expected);
    };
    expect(await run({})).toBeGreaterThan(1e-3);
    expect(await run(stated)).toBeLessThan(1e-4);
  });

  test('and leaves nothing assumed', async () => {
    const stated = {
      heads: 12,
      grid: [4, 4],
      activation: 'quick-gelu',
      normEpsilon: 1e-5,
      readout: 'patch-mean',
    } as const;
    expect(await assumedOf(timmWeights(192), null, stated)).toEqual({});
  });

  test.each([
    [{ heads: 5 }, '5 attention heads'],
    [{ grid: [3, 5] }, 'grid of 3 × 5'],
  ] as const)('%j is refused where it cannot be', async (stated, reason) => {
    await expect(build(timmWeights(192), null, stated)).rejects.toThrow(reason);
  });

  test('a readout that the head cannot have', async () => {
    const siglip = await weightsOf('timm_siglip.safetensors');
    await expect(build(siglip, { num_heads: 2 }, { readout: 'class-token' })).rejects.toThrow(
      '“class-token”',
    );
  });
});
