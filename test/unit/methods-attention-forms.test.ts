/** Two graphs that compute the same attention in two forms get the same maps. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openExplainer } from '../../src/engine/open-explainer';
import type { GraphBuilder } from '../../src/engine/onnx/graph-builder';
import { buildModel, picture, randomNormal } from '../fixtures/build-vit';

const [tokens, dim] = [6, 8];
const inputDims = [1, 3, 8, 12];

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'attention-forms-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Scores of queries and keys, with a bias of the same shape. */
type Biased = (b: GraphBuilder, scores: string, bias: string) => string;
/** Features `[1, 8]` of the tokens `[1, 6, 8]`, by a weight that gives any query, key or value. */
type Pool = (b: GraphBuilder, stream: string, linear: Linear, query: string) => string;
type Linear = (x: string, width: number) => string;

const scoresFirst: Biased = (b, scores, bias) => b.node('Add', [scores, bias]);
const mean: Pool = (b, stream) => b.node('ReduceMean', [stream], { axes: [1], keepdims: 0 });

/** One block of one head. The weights come in the same order whatever the forms. */
function vit(biased: Biased, pool: Pool): Uint8Array {
  const random = randomNormal(11);
  return buildModel(inputDims, (b: GraphBuilder, pixels) => {
    const weights = (dims: readonly number[]) =>
      b.floats(
        Float32Array.from({ length: dims.reduce((x, y) => x * y, 1) }, () => 0.5 * random()),
        dims,
      );
    const linear = (x: string, width: number) => b.node('MatMul', [x, weights([dim, width])]);
    const grid = b.node('Conv', [pixels, weights([dim, 3, 4, 4])], {
      strides: [4, 4],
      kernel_shape: [4, 4],
    });
    const moved = b.node('Transpose', [grid], { perm: [0, 2, 3, 1] });
    const flat = b.node('Reshape', [moved, b.ints([1, tokens, dim])]);
    const stream = b.node('Add', [flat, weights([1, tokens, dim])]);
    const key = b.node('Transpose', [linear(stream, dim)], { perm: [0, 2, 1] });
    const scores = b.node('MatMul', [linear(stream, dim), key]);
    const bias = weights([1, tokens, tokens]);
    const attention = b.node('Softmax', [biased(b, scores, bias)], { axis: -1 });
    const context = b.node('MatMul', [attention, linear(stream, dim)]);
    const sum = b.node('Add', [stream, linear(context, dim)]);
    return linear(pool(b, sum, linear, weights([1, 1, dim])), 4);
  });
}

async function mapOf(bytes: Uint8Array, method: string): Promise<Float32Array> {
  const file = path.join(folder, 'vit.onnx');
  await writeFile(file, bytes);
  const explainer = await openExplainer(file, {
    threads: 1,
    provider: 'cpu',
    cacheFolder: undefined,
  });
  try {
    const classified = await explainer.classify(picture(inputDims));
    return (await explainer.explain(classified, method, {}, [1])).maps;
  } finally {
    await explainer.release();
  }
}

async function expectSameMaps(one: Uint8Array, other: Uint8Array, method: string): Promise<void> {
  const [first, second] = [await mapOf(one, method), await mapOf(other, method)];
  const largest = (values: Float32Array) => Math.max(...values.map(Math.abs));
  expect(largest(second)).toBeGreaterThan(0);
  const difference = first.map((value, i) => value - (second[i] ?? NaN));
  expect(largest(difference)).toBeLessThan(1e-5 * largest(second));
}

describe('a bias on the scores (BEiT), on whichever side of the sum it stands', () => {
  const biasFirst: Biased = (b, scores, bias) => b.node('Add', [bias, scores]);
  test.each(['attnlrp', 'libra_fullgrad', 'transformer_attribution'])('%s', (method) =>
    expectSameMaps(vit(biasFirst, mean), vit(scoresFirst, mean), method),
  );
});

describe('a pooling that leaves out the first tokens, or gives them no weight', () => {
  const pooled = (b: GraphBuilder, read: string, linear: Linear, query: string, bias?: string) => {
    const key = b.node('Transpose', [linear(read, dim)], { perm: [0, 2, 1] });
    const scores = b.node('MatMul', [query, key]);
    const masked = bias === undefined ? scores : b.node('Add', [scores, bias]);
    const attention = b.node('Softmax', [masked], { axis: -1 });
    const context = b.node('MatMul', [attention, linear(read, dim)]);
    return b.node('Reshape', [context, b.ints([1, dim])]);
  };
  const leftOut: Pool = (b, stream, linear, query) => {
    const rest = b.node('Slice', [stream, b.ints([2]), b.ints([tokens]), b.ints([1])]);
    return pooled(b, rest, linear, query);
  };
  const noWeight: Pool = (b, stream, linear, query) => {
    const mask = b.floats(Float32Array.of(-1e4, -1e4, 0, 0, 0, 0), [1, 1, tokens]);
    return pooled(b, stream, linear, query, mask);
  };
  test.each(['attention_rollout', 'gae', 'input_x_gradient', 'attnlrp'])('%s', (method) =>
    expectSameMaps(vit(scoresFirst, leftOut), vit(scoresFirst, noWeight), method),
  );
});
