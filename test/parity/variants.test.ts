/** Every export variant of the reference models: opened, run, and found to have one structure. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { canonicalise } from '../../src/engine/onnx/canonicalise';
import type { CanonicalModel } from '../../src/engine/onnx/canonicalise';
import { readOutput } from '../../src/engine/outputs/read-output';
import { findStructure } from '../../src/engine/vit/find-structure';
import type { VitStructure } from '../../src/engine/vit/structure';
import { picture } from '../fixtures/build-vit';
import { largestDifference, runModel } from '../fixtures/run-model';
import { GoldenFigures } from '../golden-figures';
import {
  describeWithGolden,
  describeWithShared,
  goldenExports,
  sharedPath,
} from '../shared-folder';

/** The operators that a canonical graph of these models may hold (`src/engine/README.md`). */
const canonicalOps: ReadonlySet<string> = new Set([
  'Add',
  'BatchNormalization',
  'Concat',
  'Conv',
  'Gather',
  'Gemm',
  'LayerNormalization',
  'MatMul',
  'Mul',
  'ReduceMean',
  'Relu',
  'Reshape',
  'Softmax',
  'Split',
  'Transpose',
  'com.microsoft.FusedMatMul',
  'com.microsoft.Gelu',
  'com.microsoft.QuickGelu',
]);

const clsRow = { kind: 'token', row: 0 };
const patchMean = [0, ...new Array<number>(36).fill(1 / 36)];

const golden: Readonly<Record<string, object>> = {
  vit_s: {
    heads: 3,
    grid: [6, 6],
    patchSize: [8, 8],
    readout: clsRow,
    head: 'LayerNorm, Linear 96 → 16',
  },
  mae_s: { heads: 3, readout: clsRow, head: 'LayerNorm, BatchNorm, Linear 96 → 16' },
  dinov2_s: {
    heads: 6,
    patchSize: [7, 7],
    readout: { kind: 'token+mean', row: 0, weights: patchMean },
    head: 'LayerNorm, Linear 192 → 16',
  },
  vit_d12_trained: { heads: 3, classes: 8, readout: clsRow, head: 'LayerNorm, Linear 96 → 8' },
  clip_s: { heads: 3, readout: clsRow, head: 'LayerNorm, Linear 96 → 64, Linear 64 → 16' },
  clip_qgelu_s: { heads: 3, readout: clsRow, head: 'LayerNorm, Linear 96 → 64, Linear 64 → 16' },
};

for (const [name, expected] of Object.entries(golden)) {
  describeWithGolden(`golden variants of ${name}`, name, () => {
    const variants = goldenExports(name);
    const blocks = name === 'vit_d12_trained' ? 12 : 4;

    test('has variants', () => expect(variants).not.toEqual([]));

    test.each(variants.map((file) => [path.basename(file), file]))('%s', async (_, file) => {
      const model = await canonicalise(file);
      expectCanonical(model);
      const figures = new GoldenFigures(name, 'seed');
      const pixels = Float32Array.from(figures.get('input'));
      const structure = findStructure((await readOutput(model.graph, { names: 0 })).graph);
      const dims = model.graph.inputs[0]?.dims ?? [];
      const actual = await runModel(model.bytes, pixels, dims, structure.logits);
      expect(largestDifference(actual, figures.get('logits'))).toBeLessThan(1e-4);
      expect(structure).toMatchObject({ prefixTokens: 1, tokens: 37, dim: 96, ...expected });
      expectBlocks(structure, model, blocks);
    });
  });
}

describeWithShared('real models', 'models', () => {
  test('vit_tiny_patch16_224', async () => {
    const file = sharedPath('models', 'vit_tiny_patch16_224', 'model.onnx');
    const structure = await expectSameFunction(file, 12);
    expect(structure).toMatchObject({
      inputSize: [224, 224],
      classes: 1000,
      grid: [14, 14],
      tokens: 197,
      dim: 192,
      heads: 3,
      readout: clsRow,
    });
  });

  test('vit_cifar10_postln', async () => {
    const folder = sharedPath('models', 'vit_cifar10_postln');
    const file = readdirSync(folder).find((name) => name.endsWith('.onnx')) ?? '';
    const structure = await expectSameFunction(path.join(folder, file), 6);
    expect(structure).toMatchObject({
      inputSize: [32, 32],
      classes: 10,
      grid: [8, 8],
      tokens: 65,
      dim: 128,
      heads: 8,
      readout: clsRow,
    });
    expect(structure.blocks.every((block) => block.firstNorm === undefined)).toBe(true);
  });
});

/** Without golden logits, the file itself run by ONNX Runtime is the reference. */
async function expectSameFunction(file: string, blocks: number): Promise<VitStructure> {
  const model = await canonicalise(file);
  expectCanonical(model);
  const dims = model.graph.inputs[0]?.dims ?? [];
  const pixels = picture(dims);
  const expected = await runModel(file, pixels, dims);
  expect(largestDifference(await runModel(model.bytes, pixels, dims), expected)).toBeLessThan(1e-4);
  const structure = findStructure((await readOutput(model.graph, { names: 0 })).graph);
  expectBlocks(structure, model, blocks);
  return structure;
}

function expectCanonical({ graph }: CanonicalModel): void {
  const foreign = graph.nodes.map((node) => node.op).filter((op) => !canonicalOps.has(op));
  expect(foreign).toEqual([]);
  expect(graph.opsets.get('')).toBe(20);
  for (const tensor of graph.nodes.flatMap((node) => node.outputs))
    expect(graph.shapes.get(tensor), tensor).toBeDefined();
}

/** Blocks follow each other, and every tensor that they name has the shape it must have. */
function expectBlocks(structure: VitStructure, { graph }: CanonicalModel, count: number): void {
  const { blocks, tokens, dim, heads } = structure;
  const shape = (tensor: string) => graph.shapes.get(tensor);
  const headDim = dim / heads;
  expect(blocks).toHaveLength(count);
  for (const [i, block] of blocks.entries()) {
    if (i > 0) expect(block.input).toBe(blocks[i - 1]?.output);
    expect(shape(block.input)).toEqual([1, tokens, dim]);
    expect(shape(block.output)).toEqual([1, tokens, dim]);
    for (const matrix of [block.scores, block.attention]) {
      expect([
        [1, heads, tokens, tokens],
        [heads, tokens, tokens],
      ]).toContainEqual(shape(matrix));
    }
    for (const rows of [block.query, block.value, block.context])
      expect(shape(rows)?.slice(-2)).toEqual([tokens, headDim]);
    expect(shape(block.key)?.slice(-2).sort()).toEqual([tokens, headDim].sort());
    if (block.firstNorm !== undefined) expect(shape(block.firstNorm)).toEqual([1, tokens, dim]);
  }
}
