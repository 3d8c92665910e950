/** Models that look like a Vision Transformer or like none: told apart, and told why. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EngineError } from '../../src/engine/engine-error';
import { canonicalise } from '../../src/engine/onnx/canonicalise';
import type { GraphBuilder } from '../../src/engine/onnx/graph-builder';
import { findStructure } from '../../src/engine/vit/find-structure';
import type { VitStructure } from '../../src/engine/vit/structure';
import { buildModel, randomNormal } from '../fixtures/build-vit';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'not-a-vit-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

const inputDims = [1, 3, 8, 12];
const [tokens, dim] = [6, 8];
const random = randomNormal(3);

type Write = (builder: GraphBuilder, tensor: string) => string;

async function structureOf(write: Write): Promise<VitStructure> {
  const file = path.join(folder, 'model.onnx');
  await writeFile(file, buildModel(inputDims, write));
  return findStructure((await canonicalise(file)).graph);
}

async function refusal(write: Write): Promise<EngineError> {
  const thrown: unknown = await structureOf(write).then(
    (structure) => `a structure with ${structure.blocks.length} blocks`,
    (error: unknown) => error,
  );
  if (!(thrown instanceof EngineError)) throw new Error(`not an EngineError: ${String(thrown)}`);
  return thrown;
}

function weights(b: GraphBuilder, dims: readonly number[]): string {
  const size = dims.reduce((x, y) => x * y, 1);
  return b.floats(
    Float32Array.from({ length: size }, () => 0.4 * random()),
    dims,
  );
}

function linear(b: GraphBuilder, x: string, width: number): string {
  const from = b.shapeOf(x).at(-1) ?? 0;
  return b.node('Add', [b.node('MatMul', [x, weights(b, [from, width])]), weights(b, [width])]);
}

/** Patches as tokens `[1, 6, 8]`; `perm` orders grid rows and columns. */
function embed(b: GraphBuilder, pixels: string, perm = [0, 2, 3, 1]): string {
  const grid = b.node('Conv', [pixels, weights(b, [dim, 3, 4, 4])], {
    strides: [4, 4],
    kernel_shape: [4, 4],
  });
  const moved = b.node('Transpose', [grid], { perm });
  const flat = b.node('Reshape', [moved, b.ints([1, tokens, dim])]);
  return b.node('Add', [flat, weights(b, [1, tokens, dim])]);
}

/** Attention over the last but one axis, one head. */
function attention(b: GraphBuilder, x: string, behind: Write = (_, a) => a): string {
  const rank = b.shapeOf(x).length;
  const order = Array.from({ length: rank }, (_, i) => i);
  const turned = [...order.slice(0, -2), rank - 1, rank - 2];
  const key = b.node('Transpose', [linear(b, x, dim)], { perm: turned });
  const scores = b.node('MatMul', [linear(b, x, dim), key]);
  const matrix = behind(b, b.node('Softmax', [scores], { axis: -1 }));
  return linear(b, b.node('MatMul', [matrix, linear(b, x, dim)]), dim);
}

function norm(b: GraphBuilder, x: string): string {
  const width = b.shapeOf(x).at(-1) ?? 0;
  return b.node('LayerNormalization', [x, weights(b, [width]), weights(b, [width])], {
    axis: -1,
    epsilon: 1e-5,
  });
}

function block(b: GraphBuilder, x: string, attend: Write = attention): string {
  const middle = b.node('Add', [x, attend(b, norm(b, x))]);
  return b.node('Add', [middle, linear(b, b.node('Relu', [linear(b, norm(b, middle), 16)]), dim)]);
}

function classify(b: GraphBuilder, x: string): string {
  return linear(b, b.node('ReduceMean', [norm(b, x)], { axes: [1], keepdims: 0 }), 4);
}

test('the parts of this test do make a Vision Transformer', async () => {
  const structure = await structureOf((b, x) => classify(b, block(b, block(b, embed(b, x)))));
  expect(structure).toMatchObject({ grid: [2, 3], tokens, dim, heads: 1, prefixTokens: 0 });
  expect(structure.blocks).toHaveLength(2);
});

test('branches side by side are one block', async () => {
  const parallel: Write = (b, x) => {
    const middle = b.node('Add', [x, attention(b, norm(b, x))]);
    return b.node('Add', [middle, linear(b, norm(b, x), dim)]);
  };
  const structure = await structureOf((b, x) => classify(b, parallel(b, parallel(b, embed(b, x)))));
  expect(structure.blocks).toHaveLength(2);
  expect(structure.blocks[0]?.output).toBe(structure.blocks[1]?.input);
  expect(structure.head).toBe('LayerNorm, Linear 8 → 4');
});

test('a softmax that is guarded against NaN is still attention', async () => {
  const guarded: Write = (b, x) =>
    attention(b, x, (_, a) => b.node('Where', [b.node('IsNaN', [a]), b.floats(0), a]));
  const structure = await structureOf((b, x) => classify(b, block(b, embed(b, x), guarded)));
  expect(structure.blocks).toHaveLength(1);
});

test('registers between class token and patches, put there behind the position embedding', async () => {
  const structure = await structureOf((b, x) => {
    const all = b.node('Concat', [weights(b, [1, 1, dim]), embed(b, x)], { axis: 1 });
    const placed = b.node('Add', [all, weights(b, [1, tokens + 1, dim])]);
    const cut = (from: number, to: number) =>
      b.node('Slice', [placed, b.ints([from]), b.ints([to]), b.ints([1])]);
    const parts = [cut(0, 1), weights(b, [1, 4, dim]), cut(1, 100)];
    const stream = block(b, b.node('Concat', parts, { axis: 1 }));
    return linear(b, b.node('Gather', [stream, b.ints(0)], { axis: 1 }), 4);
  });
  expect(structure).toMatchObject({ prefixTokens: 5, tokens: 11, grid: [2, 3] });
  expect(structure.readout).toEqual({ kind: 'token', row: 0 });
});

test('text features on the left of a zero-shot head', async () => {
  const structure = await structureOf((b, x) => {
    const pooled = b.node('ReduceMean', [block(b, embed(b, x))], { axes: [1], keepdims: 0 });
    const column = b.node('Transpose', [pooled], { perm: [1, 0] });
    return b.node('Transpose', [b.node('MatMul', [weights(b, [4, dim]), column])], {
      perm: [1, 0],
    });
  });
  expect(structure).toMatchObject({
    classes: 4,
    readout: { kind: 'mean' },
    head: 'Linear 8 → 4',
  });
});

test('a mean by pooling over the axis of tokens', async () => {
  const structure = await structureOf((b, x) => {
    const turned = b.node('Transpose', [block(b, embed(b, x))], { perm: [0, 2, 1] });
    return linear(b, b.node('Flatten', [b.node('GlobalAveragePool', [turned])]), 4);
  });
  expect(structure.readout).toEqual({ kind: 'mean', weights: new Array(tokens).fill(1 / tokens) });
});

describe('is refused with what was missing:', () => {
  test('a convolutional network', async () => {
    const error = await refusal((b, x) => {
      const features = b.node('Relu', [
        b.node('Conv', [x, weights(b, [8, 3, 3, 3])], { pads: [1, 1, 1, 1], kernel_shape: [3, 3] }),
      ]);
      const pooled = b.node('MaxPool', [features], { kernel_shape: [2, 2], strides: [2, 2] });
      return linear(b, b.node('Flatten', [b.node('GlobalAveragePool', [pooled])]), 4);
    });
    expect(error.code).toBe('model-not-a-vit');
    expect(error.message).toContain('no attention');
  });

  test('attention in windows', async () => {
    const windowed: Write = (b, x) => {
      const windows = b.node('Reshape', [x, b.ints([2, 3, dim])]);
      return b.node('Reshape', [attention(b, windows), b.ints([1, tokens, dim])]);
    };
    const error = await refusal((b, x) => classify(b, block(b, embed(b, x), windowed)));
    expect(error.code).toBe('model-not-a-vit');
    expect(error.message).toContain('3 of 6 tokens');
  });

  test('patches column by column', async () => {
    const error = await refusal((b, x) => classify(b, block(b, embed(b, x, [0, 3, 2, 1]))));
    expect(error.message).toContain('row by row');
  });

  test('a class token behind the patches', async () => {
    const error = await refusal((b, x) => {
      const all = b.node('Concat', [embed(b, x), weights(b, [1, 1, dim])], { axis: 1 });
      return classify(b, block(b, all));
    });
    expect(error.message).toContain('row by row');
  });

  test('attention that is mixed between heads', async () => {
    const talking: Write = (b, x) =>
      attention(b, x, (_, a) => b.node('Mul', [a, weights(b, [1, tokens, tokens])]));
    const error = await refusal((b, x) => classify(b, block(b, embed(b, x), talking)));
    expect(error.message).toContain('does not weigh the values');
  });

  test('no residual connection', async () => {
    const error = await refusal((b, x) => classify(b, attention(b, embed(b, x))));
    expect(error.message).toContain('no residual connection');
  });

  test('a readout by the largest token', async () => {
    const error = await refusal((b, x) =>
      linear(b, b.node('ReduceMax', [block(b, embed(b, x))], { axes: [1], keepdims: 0 }), 4),
    );
    expect(error.message).toContain('ReduceMax');
  });

  test('a head on all tokens laid flat', async () => {
    const error = await refusal((b, x) => {
      const flat = b.node('Reshape', [block(b, embed(b, x)), b.ints([1, tokens * dim])]);
      return linear(b, flat, 4);
    });
    expect(error.code).toBe('model-not-a-vit');
    expect(error.message).toContain('behind its last block');
  });

  test('features without a head', async () => {
    const error = await refusal((b, x) => block(b, embed(b, x)));
    expect(error.message).toContain('[1, 6, 8]');
    expect(error.nextStep).toContain('head');
  });
});
