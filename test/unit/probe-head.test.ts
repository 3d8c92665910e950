/** A head behind a backbone: what is cut off, what is put on, and how methods go through it. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openExplainer } from '../../src/engine/open-explainer';
import { attachHead, backboneOf, type Backbone } from '../../src/engine/heads/attach-head';
import { classesSha256Of, encodeHeadFile, readHeadFile } from '../../src/engine/heads/head-file';
import { seededRandom } from '../../src/shared/random';
import type { LinearHead } from '../../src/engine/heads/softmax-regression';
import {
  standardisationEpsilon,
  type Standardisation,
} from '../../src/engine/heads/standardisation';
import { buildGraph } from '../../src/engine/onnx/build-graph';
import { canonicalise } from '../../src/engine/onnx/canonicalise';
import { encodeGraph } from '../../src/engine/onnx/encode-graph';
import { asFloat32 } from '../../src/engine/onnx/tensor-bytes';
import { findStructure } from '../../src/engine/vit/find-structure';
import { buildModel, buildVit, picture, type VitOptions } from '../fixtures/build-vit';
import { largestDifference, runModel } from '../fixtures/run-model';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'vit-probe-head-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function write(name: string, bytes: Uint8Array): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, bytes);
  return file;
}

async function openVit(options: VitOptions) {
  const vit = buildVit(options);
  const file = await write('vit.onnx', vit.bytes);
  const { graph } = await canonicalise(file);
  return { ...vit, file, graph };
}

function values(count: number, seed: number, shift = 0): Float32Array {
  const random = seededRandom(seed);
  return Float32Array.from({ length: count }, () => shift + random() - 0.5);
}

function randomHead(dim: number, classes = 4): { head: LinearHead; standard: Standardisation } {
  return {
    head: { weight: values(classes * dim, 3), bias: values(classes, 4), classes, dim },
    standard: { mean: values(dim, 5), variance: values(dim, 6, 1) },
  };
}

/** The same logits without a standardisation: it is folded into the linear layer. */
function folded({ head, standard }: ReturnType<typeof randomHead>): LinearHead {
  const scale = standard.variance.map((v) => 1 / Math.sqrt(v + standardisationEpsilon));
  const weight = head.weight.map((w, i) => w * (scale[i % head.dim] ?? 0));
  const bias = head.bias.map((b, row) => {
    const own = weight.subarray(row * head.dim, (row + 1) * head.dim);
    return b - own.reduce((sum, w, d) => sum + w * (standard.mean[d] ?? 0), 0);
  });
  return { ...head, weight, bias };
}

const neutral = (dim: number): Standardisation => ({
  mean: new Float32Array(dim),
  variance: new Float32Array(dim).fill(1 - standardisationEpsilon),
});

async function mapsOf(file: string, pixels: Float32Array, method: string) {
  const explainer = await openExplainer(file, {
    threads: 1,
    provider: 'cpu',
    cacheFolder: undefined,
  });
  try {
    const classified = await explainer.classify(pixels);
    const { maps } = await explainer.explain(classified, method, {}, [0, 2]);
    return { maps, logits: classified.logits };
  } finally {
    await explainer.release();
  }
}

/** Largest difference, relative to the largest value. */
function relative(a: Float32Array, b: Float32Array): number {
  return largestDifference(a, b) / Math.max(...b.map(Math.abs));
}

describe('backboneOf', () => {
  it.each<[string, VitOptions, number]>([
    ['a linear head', {}, 16],
    ['a head behind a BatchNorm', { head: 'batch-norm' }, 16],
    ['a head over token and mean', { readout: 'cls+mean' }, 32],
    ['the mean of the patches', { readout: 'mean' }, 16],
    ['a zero-shot head', { head: 'cosine' }, 16],
    ['a head whose probabilities are given', { probabilities: true }, 16],
  ])('takes off %s', async (_what, options, dim) => {
    const { graph, inputDims } = await openVit(options);
    const backbone = backboneOf(graph);
    expect(backbone.dim).toBe(dim);
    const features = await runModel(encodeGraph(backbone.graph), picture(inputDims), inputDims);
    expect(features).toHaveLength(dim);
    expect(backbone.graph.nodes.some(({ op }) => op === 'BatchNormalization')).toBe(false);
  });

  it.each([
    ['the class token', { prefixTokens: 1 }, 'token'],
    [
      'the mean where there is no class token',
      { prefixTokens: 0, readout: 'mean' as const },
      'mean',
    ],
  ])('reads %s of a backbone that gives all its tokens', async (_what, options, kind) => {
    const { graph, inputDims } = await openVit(options);
    const norm = graph.nodes.findLast(({ op }) => op === 'LayerNormalization');
    const tokens = norm?.outputs[0] ?? '';
    const dims = graph.shapes.get(tokens) ?? [];
    expect(dims).toEqual([1, 6 + options.prefixTokens, 16]);
    const bare = buildGraph({ ...graph, outputs: [{ name: tokens, type: 'float32', dims }] });
    const backbone = backboneOf(bare);
    expect(backbone.dim).toBe(16);
    const pixels = picture(inputDims);
    const features = await runModel(encodeGraph(backbone.graph), pixels, inputDims);
    const whole = await runModel(encodeGraph(backboneOf(graph).graph), pixels, inputDims);
    expect(largestDifference(features, whole)).toBeLessThan(1e-5);
    const made = randomHead(16);
    const composed = await write('bare.onnx', attachHead(backbone, made.standard, made.head));
    expect(findStructure((await canonicalise(composed)).graph).readout.kind).toBe(kind);
  });

  it('leaves CLIP’s projection in: a last layer without bias gives the features', async () => {
    const projected = buildModel([1, 3, 8, 12], (builder, pixels) => {
      const patches = builder.node(
        'Conv',
        [pixels, builder.floats(values(8 * 3 * 16, 1), [8, 3, 4, 4]), builder.floats(values(8, 2))],
        { kernel_shape: [4, 4], strides: [4, 4] },
      );
      const row = builder.node('ReduceMean', [patches], { axes: [2, 3], keepdims: 0 });
      return builder.node('MatMul', [row, builder.floats(values(8 * 6, 3), [8, 6])]);
    });
    const { graph } = await canonicalise(await write('projected.onnx', projected));
    expect(backboneOf(graph).dim).toBe(6);
  });

  it('refuses two heads that are summed up', async () => {
    const { graph } = await openVit({ readout: 'distilled', prefixTokens: 2 });
    expect(() => backboneOf(graph)).toThrow(/sum of several heads/);
  });
});

describe('attachHead', () => {
  const options: VitOptions = { head: 'batch-norm', classes: 4 };

  async function compose(
    name: string,
    backbone: Backbone,
    standard: Standardisation,
    head: LinearHead,
  ) {
    return await write(name, attachHead(backbone, standard, head));
  }

  it('gives the logits of standardisation and linear layer', async () => {
    const { graph, inputDims } = await openVit({});
    const backbone = backboneOf(graph);
    const pixels = picture(inputDims);
    const made = randomHead(backbone.dim);
    const features = await runModel(encodeGraph(backbone.graph), pixels, inputDims);
    const { weight, bias, classes, dim } = folded(made);
    const expected = Float32Array.from({ length: classes }, (_, k) =>
      features.reduce((sum, f, d) => sum + f * (weight[k * dim + d] ?? 0), bias[k] ?? 0),
    );
    const logits = await runModel(
      attachHead(backbone, made.standard, made.head),
      pixels,
      inputDims,
    );
    expect(relative(logits, expected)).toBeLessThan(1e-5);
  });

  it('is the head of MAE’s and CLIP’s probes: cut off and put on again, every method agrees', async () => {
    const { graph, file, inputDims } = await openVit(options);
    const pixels = picture(inputDims);
    const batchNorm = graph.nodes.find(({ op }) => op === 'BatchNormalization');
    const gemm = graph.nodes.findLast(({ op }) => op === 'Gemm');
    const constant = (name: string | undefined) => {
      const found = graph.constants.get(name ?? '');
      if (found === undefined) throw new Error(`${String(name)} is no constant`);
      return asFloat32(found);
    };
    expect(gemm?.attributes.transB).toBe(1);
    const backbone = backboneOf(graph);
    const head = {
      weight: constant(gemm?.inputs[1]),
      bias: constant(gemm?.inputs[2]),
      classes: 4,
      dim: backbone.dim,
    };
    const standard = {
      mean: constant(batchNorm?.inputs[3]),
      variance: constant(batchNorm?.inputs[4]),
    };
    const again = await compose('again.onnx', backbone, standard, head);
    for (const method of ['transformer_attribution', 'gae', 'attnlrp', 'input_x_gradient']) {
      const [mine, original] = [
        await mapsOf(again, pixels, method),
        await mapsOf(file, pixels, method),
      ];
      expect(relative(mine.logits, original.logits)).toBeLessThan(1e-5);
      expect(relative(mine.maps, original.maps), method).toBeLessThan(1e-4);
    }
  });

  it('lets gradients through the standardisation, and passes relevance on unchanged', async () => {
    const { graph, inputDims } = await openVit({});
    const pixels = picture(inputDims);
    const backbone = backboneOf(graph);
    const made = randomHead(backbone.dim);
    const apart = await compose('apart.onnx', backbone, made.standard, made.head);
    const inOne = await compose('in-one.onnx', backbone, neutral(backbone.dim), folded(made));
    // A gradient does not care how an affine map is written; relevance is dealt out by the terms of
    // the linear layer alone, so it does.
    for (const method of ['gae', 'input_x_gradient']) {
      const [a, b] = [await mapsOf(apart, pixels, method), await mapsOf(inOne, pixels, method)];
      expect(relative(a.maps, b.maps), method).toBeLessThan(1e-3);
    }
    const [a, b] = [await mapsOf(apart, pixels, 'full'), await mapsOf(inOne, pixels, 'full')];
    expect(relative(a.logits, b.logits)).toBeLessThan(1e-4);
    expect(relative(a.maps, b.maps)).toBeGreaterThan(1e-2);
  });
});

describe('the head file', () => {
  it('holds the head exactly, and has the same bytes each time', async () => {
    const { head, standard } = randomHead(7, 3);
    const content = {
      head,
      standardisation: standard,
      backboneSha256: 'ab'.repeat(32),
      classesSha256: classesSha256Of(['猫', 'b', 'c']),
    };
    const bytes = encodeHeadFile(content);
    expect(encodeHeadFile(content)).toEqual(bytes);
    expect(await readHeadFile(await write('a.probe.safetensors', bytes))).toEqual(content);
  });

  it.each([
    ['cut off', (bytes: Uint8Array) => bytes.slice(0, -10), /is damaged or incomplete/],
    [
      'another safetensors file',
      (bytes: Uint8Array) =>
        Buffer.from(Buffer.from(bytes).toString('latin1').replace('"bias"', '"biaz"'), 'latin1'),
      /holds no tensor “bias”/,
    ],
  ])('is refused when %s', async (_what, change, sentence) => {
    const { head, standard } = randomHead(7, 3);
    const bytes = encodeHeadFile({
      head,
      standardisation: standard,
      backboneSha256: 'ab'.repeat(32),
      classesSha256: undefined,
    });
    const file = await write('b.probe.safetensors', change(bytes));
    await expect(readHeadFile(file)).rejects.toThrow(sentence);
    expect((await readFile(file)).length).toBeGreaterThan(0);
  });

  it.each([
    ['weight', NaN, /“weight” of “c\.probe\.safetensors” holds NaN/],
    ['bias', Infinity, /“bias” of .* holds infinity/],
    ['mean', -Infinity, /“mean” of .* holds infinity/],
    ['variance', NaN, /“variance” of .* holds NaN/],
    ['variance', -1, /“variance” holds a number below 0/],
  ] as const)('is refused with %s %d', async (name, value, sentence) => {
    const { head, standard } = randomHead(7, 3);
    const tensors = { ...head, ...standard };
    tensors[name][1] = value;
    const content = { head, standardisation: standard, backboneSha256: 'ab'.repeat(32) };
    const bytes = encodeHeadFile({ ...content, classesSha256: undefined });
    await expect(readHeadFile(await write('c.probe.safetensors', bytes))).rejects.toThrow(sentence);
  });
});
