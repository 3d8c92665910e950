/** Every family of ViT and every export style, each as a tiny model with random weights. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canonicalise } from '../../src/engine/onnx/canonicalise';
import { readOutput } from '../../src/engine/outputs/read-output';
import { findStructure } from '../../src/engine/vit/find-structure';
import type { VitStructure } from '../../src/engine/vit/structure';
import { buildVit, picture } from '../fixtures/build-vit';
import type { VitOptions } from '../fixtures/build-vit';
import { largestDifference, runModel } from '../fixtures/run-model';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'vit-families-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Opens a tiny ViT, checks that it computes what the file computes, and returns its structure. */
async function open(name: string, options: VitOptions): Promise<VitStructure> {
  const { bytes, inputDims } = buildVit(options);
  const file = path.join(folder, `${name}.onnx`);
  await writeFile(file, bytes);
  const model = await canonicalise(file);
  const pixels = picture(inputDims);
  const expected = await runModel(file, pixels, inputDims);
  const actual = await runModel(model.bytes, pixels, inputDims);
  expect(largestDifference(actual, expected)).toBeLessThan(1e-5);
  // A model whose logits do not depend on the picture would make the comparison empty.
  const other = await runModel(model.bytes, picture(inputDims, 8), inputDims);
  expect(largestDifference(actual, other)).toBeGreaterThan(1e-3);
  return findStructure((await readOutput(model.graph, { names: 0 })).graph);
}

const patches = (weights: readonly number[], prefix: number) => ({
  kind: 'mean',
  weights: weights.map((_, i) => (i < prefix ? 0 : 1 / 6)),
});
const rows = (count: number) => Array.from({ length: count }, (_, i) => i);

describe('families', () => {
  const families: readonly [string, VitOptions, Partial<VitStructure>][] = [
    ['vit', {}, { prefixTokens: 1, readout: { kind: 'token', row: 0 } }],
    [
      'mean of patches',
      { prefixTokens: 0, readout: 'mean' },
      { prefixTokens: 0, readout: { kind: 'mean', weights: rows(6).map(() => 1 / 6) } },
    ],
    [
      'mean of patches beside a class token',
      { readout: 'mean' },
      { readout: { kind: 'mean', weights: patches(rows(7), 1).weights } },
    ],
    [
      'mean of all tokens',
      { readout: 'mean-all' },
      { readout: { kind: 'mean', weights: rows(7).map(() => 1 / 7) } },
    ],
    [
      'distilled',
      { prefixTokens: 2, readout: 'distilled' },
      { prefixTokens: 2, readout: { kind: 'mean', weights: [0.5, 0.5, 0, 0, 0, 0, 0, 0] } },
    ],
    [
      'registers',
      { prefixTokens: 5, layerScale: true },
      { prefixTokens: 5, tokens: 11, readout: { kind: 'token', row: 0 } },
    ],
    [
      'dinov2',
      { readout: 'cls+mean', layerScale: true },
      { readout: { kind: 'token+mean', row: 0, weights: patches(rows(7), 1).weights } },
    ],
    [
      'dinov2 with registers',
      { readout: 'cls+mean', prefixTokens: 5, layerScale: true },
      { readout: { kind: 'token+mean', row: 0, weights: patches(rows(11), 5).weights } },
    ],
    ['mae', { head: 'batch-norm' }, { head: 'LayerNorm, BatchNorm, Linear 16 → 5' }],
    [
      'clip zero-shot',
      { inputNorm: true, activation: 'quick-gelu', head: 'cosine' },
      { head: 'LayerNorm, L2 norm, Linear 16 → 5' },
    ],
    [
      'siglip',
      { prefixTokens: 0, readout: 'attention-pool', activation: 'tanh-gelu' },
      { prefixTokens: 0 },
    ],
    ['post-norm with ReLU', { norm: 'post', activation: 'relu' }, { head: 'Linear 16 → 5' }],
    ['post-norm, sequence first', { norm: 'post', activation: 'relu', sequenceFirst: true }, {}],
    [
      'SiLU and an MLP head',
      { activation: 'silu', head: 'mlp' },
      { head: 'LayerNorm, Linear 16 → 16, tanh, Linear 16 → 5' },
    ],
    ['RMSNorm', { normKind: 'rms', activation: 'silu' }, { head: 'RMSNorm, Linear 16 → 5' }],
    ['one block', { blocks: 1 }, {}],
    ['one head', { heads: 1, headDim: 12 }, { heads: 1 }],
    ['one block, post-norm', { blocks: 1, norm: 'post' }, {}],
    [
      'patches that are not square',
      { patch: [2, 6], grid: [5, 2] },
      { grid: [5, 2], patchSize: [2, 6], inputSize: [10, 12] },
    ],
    ['cut instead of convolved', { embedding: 'cut' }, { grid: [2, 3], patchSize: [4, 4] }],
    ['probabilities', { probabilities: true }, {}],
  ];

  test.each(families)('%s', async (name, options, expected) => {
    const structure = await open(name, options);
    const { options: all } = buildVit(options);
    expect(structure).toMatchObject({
      grid: all.grid,
      patchSize: all.patch,
      heads: all.heads,
      dim: all.heads * all.headDim,
      prefixTokens: all.prefixTokens,
      tokens: all.prefixTokens + all.grid[0] * all.grid[1],
      classes: all.classes,
      ...expected,
    });
    expect(structure.blocks).toHaveLength(all.blocks);
    expect(
      structure.blocks.every((block) => (block.firstNorm === undefined) === (all.norm === 'post')),
    ).toBe(true);
    for (const [i, block] of structure.blocks.entries())
      if (i > 0) expect(block.input).toBe(structure.blocks[i - 1]?.output);
  });

  test('attention pooling names the pooling attention', async () => {
    const structure = await open('pool', { prefixTokens: 0, readout: 'attention-pool' });
    expect(structure.readout.kind).toBe('attention-pool');
  });
});

describe('export styles give one structure', () => {
  const styles: readonly [string, VitOptions][] = [
    ['opset 11', { opset: 11, spelledOut: true }],
    ['opset 14', { opset: 14, spelledOut: true }],
    ['opset 18, spelled out', { opset: 18, spelledOut: true }],
    ['opset 20', { opset: 20 }],
    ['opset 21', { opset: 21 }],
    ['open batch', { dynamicBatch: true }],
    ['sequence first', { sequenceFirst: true }],
    ['einsum', { attention: 'einsum' }],
    ['einsum, sequence first', { attention: 'einsum', sequenceFirst: true }],
    ['Attention operator', { opset: 23, attention: 'operator', projections: 'separate' }],
    ['multi-head attention, fused', { attention: 'multi-head' }],
    ['packed attention, fused', { attention: 'packed' }],
    ['separate projections', { projections: 'separate' }],
    ['a projection for each head', { projections: 'per-head' }],
    ['tanh GELU, opset 17', { activation: 'tanh-gelu' }],
    ['tanh GELU, opset 20', { activation: 'tanh-gelu', opset: 20 }],
  ];
  const plain = async () => withoutNames(await open('plain', {}));

  test.each(styles)('%s', async (name, options) => {
    expect(withoutNames(await open(name, options))).toEqual(await plain());
  });
});

test('any combination of the parts is found again', async () => {
  const arbitrary = fc.record({
    seed: fc.integer({ min: 1, max: 1000 }),
    blocks: fc.integer({ min: 1, max: 3 }),
    heads: fc.integer({ min: 1, max: 3 }),
    headDim: fc.constantFrom(3, 4, 8),
    grid: fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 2, max: 4 })),
    patch: fc.constantFrom([2, 2], [3, 5], [4, 4]).map(([h = 2, w = 2]) => [h, w] as const),
    prefixTokens: fc.integer({ min: 2, max: 5 }),
    readout: fc.constantFrom('cls', 'mean', 'mean-all', 'cls+mean', 'distilled', 'attention-pool'),
    norm: fc.constantFrom('pre', 'post'),
    inputNorm: fc.boolean(),
    activation: fc.constantFrom('gelu', 'tanh-gelu', 'quick-gelu', 'silu', 'relu'),
    layerScale: fc.boolean(),
    projections: fc.constantFrom('fused', 'separate'),
    attention: fc.constantFrom('matmul', 'einsum'),
    head: fc.constantFrom('linear', 'batch-norm', 'cosine', 'mlp'),
    embedding: fc.constantFrom('convolution', 'cut'),
    sequenceFirst: fc.boolean(),
    spelledOut: fc.boolean(),
    opset: fc.constantFrom(17, 18, 20),
  });
  await fc.assert(
    fc.asyncProperty(arbitrary, async (options) => {
      const structure = await open('any', options);
      const { grid, patch, heads, headDim, prefixTokens, blocks } = options;
      expect(structure).toMatchObject({ grid, patchSize: patch, heads, dim: heads * headDim });
      expect(structure.prefixTokens).toBe(prefixTokens);
      expect(structure.blocks).toHaveLength(blocks);
      expect(structure.readout.kind).toBe(readoutKinds[options.readout]);
    }),
    { numRuns: 40, seed: 5 },
  );
});

const readoutKinds = {
  cls: 'token',
  mean: 'mean',
  'mean-all': 'mean',
  'cls+mean': 'token+mean',
  distilled: 'mean',
  'attention-pool': 'attention-pool',
} as const;

/** What a structure says apart from the names of tensors. */
function withoutNames({ blocks, pixels, logits, patchNode, ...rest }: VitStructure): object {
  expect([pixels, logits, patchNode]).not.toContain('');
  return { ...rest, blocks: blocks.map((block) => block.firstNorm !== undefined) };
}
