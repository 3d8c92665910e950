/** What must hold for every Vision Transformer, over random small ones. */
import fc from 'fast-check';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Explainer } from '../../src/engine/explainer';
import { ImageSession } from '../../src/engine/image-program';
import { openExplainer } from '../../src/engine/open-explainer';
import { methods } from '../../src/engine/methods/catalogue';
import { rolesOf } from '../../src/engine/methods/roles';
import { ranking } from '../../src/engine/outputs/probabilities';
import { canonicalise } from '../../src/engine/onnx/canonicalise';
import type { Graph } from '../../src/engine/onnx/graph';
import { findStructure } from '../../src/engine/vit/find-structure';
import type { VitStructure } from '../../src/engine/vit/structure';
import { buildVit, picture } from '../fixtures/build-vit';
import type { VitOptions } from '../fixtures/build-vit';
import { array64 } from '../float64-evaluator';
import type { Array64 } from '../float64-evaluator';
import { relativeError } from '../golden-figures';
import { forward64, sumOf, walk64 } from '../walk-in-float64';

/** Small ViTs: depth, heads, grid, prefix tokens, readout and the parts that rules tell apart. */
const vits: fc.Arbitrary<VitOptions> = fc
  .record({
    seed: fc.integer({ min: 1, max: 1000 }),
    blocks: fc.integer({ min: 2, max: 3 }),
    heads: fc.constantFrom(1, 2, 3),
    grid: fc.constantFrom([2, 2] as const, [2, 3] as const, [3, 1] as const),
    prefixTokens: fc.constantFrom(1, 2, 5),
    readout: fc.constantFrom(
      ...(['cls', 'mean', 'mean-all', 'cls+mean', 'distilled', 'attention-pool'] as const),
    ),
    norm: fc.constantFrom('pre', 'post' as const),
    inputNorm: fc.boolean(),
    activation: fc.constantFrom('gelu', 'tanh-gelu', 'quick-gelu', 'relu' as const),
    layerScale: fc.boolean(),
    projections: fc.constantFrom('fused', 'separate', 'per-head' as const),
    attention: fc.constantFrom('matmul', 'einsum' as const),
    head: fc.constantFrom('linear', 'batch-norm', 'cosine' as const),
    embedding: fc.constantFrom('convolution', 'cut' as const),
    sequenceFirst: fc.boolean(),
  })
  .map((options) => ({
    ...options,
    prefixTokens: options.readout === 'distilled' ? 2 : options.prefixTokens,
    sequenceFirst: options.sequenceFirst && options.projections !== 'per-head',
  }));

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'vit-properties-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function written(options: VitOptions): Promise<{ file: string; pixels: Float32Array }> {
  const { bytes, inputDims } = buildVit(options);
  const file = path.join(folder, 'vit.onnx');
  await writeFile(file, bytes);
  return { file, pixels: picture(inputDims) };
}

async function withExplainer(
  options: VitOptions,
  work: (explainer: Explainer, pixels: Float32Array) => Promise<void>,
): Promise<void> {
  const { file, pixels } = await written(options);
  const explainer = await openExplainer(file, {
    threads: 1,
    provider: 'cpu',
    cacheFolder: undefined,
  });
  try {
    await work(explainer, pixels);
  } finally {
    await explainer.release();
  }
}

interface InFloat64 {
  readonly graph: Graph;
  readonly structure: VitStructure;
  readonly forward: Map<string, Array64>;
  readonly pixels: Array64;
  readonly seed: Array64;
  readonly roles: ReturnType<typeof rolesOf>;
}

async function inFloat64(options: VitOptions): Promise<InFloat64> {
  const { file, pixels: values } = await written(options);
  const { graph } = await canonicalise(file);
  const structure = findStructure(graph);
  const pixels = array64([1, 3, ...structure.inputSize], values);
  const forward = forward64(graph, { [structure.pixels]: pixels });
  const shape = graph.shapes.get(structure.logits) ?? [];
  const seed = new Float64Array(2 * structure.classes);
  seed[1] = 1;
  seed[structure.classes + 2] = 1;
  const roles = rolesOf(graph, structure);
  return { graph, structure, forward, pixels, seed: array64([2, ...shape], seed), roles };
}

const ofClass = (array: Array64 | undefined, k: number) => {
  const size = (array?.data.length ?? 0) / 2;
  return array?.data.subarray(k * size, (k + 1) * size) ?? new Float64Array();
};

describe('random small ViTs', () => {
  it('explain several classes in one run as in single runs, by every method', async () => {
    await fc.assert(
      fc.asyncProperty(vits, async (options) => {
        await withExplainer(options, async (explainer, pixels) => {
          const reasons = new Map(explainer.availability().map(({ id, reason }) => [id, reason]));
          const classified = await explainer.classify(pixels);
          for (const { info } of methods) {
            if (reasons.get(info.id) !== undefined || info.id === 'integrated_gradients') continue;
            const classes = [3, 0, 1];
            const together = await explainer.explain(classified, info.id, {}, classes);
            const size = together.shape[0] * together.shape[1];
            expect(together.maps.length).toBe(3 * size);
            expect(together.shape).toEqual(
              info.pixels ? explainer.structure.inputSize : explainer.structure.grid,
            );
            for (const [k, index] of classes.entries()) {
              const alone = await explainer.explain(classified, info.id, {}, [index]);
              const map = together.maps.subarray(k * size, (k + 1) * size);
              expect(map.every(Number.isFinite), info.id).toBe(true);
              if (alone.maps.some((value) => value !== 0))
                expect(relativeError(map, alone.maps), info.id).toBeLessThan(1e-4);
              else expect(map.every((value) => value === 0)).toBe(true);
            }
          }
        });
      }),
      { numRuns: 6, seed: 1 },
    );
  });

  it('give in one graph, for the class that comes first, the map of two runs, by every method', async () => {
    await fc.assert(
      fc.asyncProperty(vits, async (options) => {
        await withExplainer(options, async (explainer, pixels) => {
          for (const { info } of methods) {
            const call = { method: info.id, options: {} };
            const program = explainer.imageProgram(call);
            if (info.id === 'integrated_gradients' || explainer.obstacleTo(info.id) !== undefined) {
              expect(program, info.id).toBeUndefined();
              continue;
            }
            if (!program) throw new Error(`there is no program for ${info.id}`);
            const session = await ImageSession.open(program, 1);
            const [logits, map] = await session.run(pixels);
            await session.release();
            const classified = await explainer.classify(pixels, call);
            const best = ranking(classified.logits, explainer.output.kind).slice(0, 1);
            const alone = await explainer.explain(classified, info.id, {}, best);
            expect(relativeError(logits?.data ?? [], classified.logits)).toBeLessThan(1e-6);
            expect(map?.dims, info.id).toEqual([1, ...alone.shape]);
            if (alone.maps.some((value) => value !== 0))
              expect(relativeError(map?.data ?? [], alone.maps), info.id).toBeLessThan(1e-5);
            else expect(map?.data.every((value) => value === 0)).toBe(true);
          }
        });
      }),
      { numRuns: 4, seed: 2 },
    );
  });

  it('have the gradient that central differences find, down to the pixels', async () => {
    await fc.assert(
      fc.asyncProperty(vits, async (options) => {
        const { graph, structure, forward, pixels, seed, roles } = await inFloat64(options);
        const { logits, pixels: input } = structure;
        const [gradient] = walk64(graph, {
          ...{ set: 'gradient', from: logits, to: [input], seed, forward, roles },
        });
        const direction = picture(pixels.dims, 11);
        const along = (change: number) => {
          const data = pixels.data.map((value, i) => value + change * (direction[i] ?? 0));
          return forward64(graph, { [input]: { dims: pixels.dims, data } }).get(logits)?.data ?? [];
        };
        const step = 1e-6;
        const [up, down] = [along(step), along(-step)];
        for (const [k, index] of [1, 2].entries()) {
          const slope = ((up[index] ?? NaN) - (down[index] ?? NaN)) / (2 * step);
          const expected = sumOf(ofClass(gradient, k).map((g, i) => g * (direction[i] ?? 0)));
          expect(Math.abs(expected - slope)).toBeLessThan(1e-5 * Math.max(1, Math.abs(slope)));
        }
      }),
      { numRuns: 10, seed: 2 },
    );
  });

  it('conserve relevance from the logit down to every block', async () => {
    await fc.assert(
      fc.asyncProperty(vits, async (options) => {
        const { graph, structure, forward, seed, roles } = await inFloat64({
          ...options,
          // Over few features a product may have no positive term, and then rightly loses relevance.
          headDim: 32,
        });
        const to = structure.blocks.map((block) => block.input);
        const found = walk64(graph, {
          ...{ set: 'relevance', from: structure.logits, to, seed, forward, roles },
        });
        // A learned query keeps its half of the half that goes into attention.
        const expected = options.readout === 'attention-pool' ? 0.75 : 1;
        for (const relevance of found)
          for (const k of [0, 1]) expect(sumOf(ofClass(relevance, k))).toBeCloseTo(expected, 3);
      }),
      { numRuns: 12, seed: 3 },
    );
  });

  it('are complete at every block under libra: Σ h⊙g + Σ bias⊙gradient is the logit', async () => {
    await fc.assert(
      fc.asyncProperty(vits, async (options) => {
        const { graph, structure, forward, seed, roles } = await inFloat64(options);
        for (const { input } of structure.blocks) {
          const biases = biasesAbove(graph, input);
          const to = [input, ...biases.map(({ tensor }) => tensor)];
          const found = walk64(graph, {
            ...{ set: 'libra', from: structure.logits, to, seed, forward, roles },
          });
          for (const [k, index] of [1, 2].entries()) {
            let total = dot(ofClass(found[0], k), forward.get(input)?.data ?? []);
            for (const [i, { value }] of biases.entries())
              total += repeatedDot(ofClass(found[i + 1], k), value(forward));
            const logit = forward.get(structure.logits)?.data[index] ?? NaN;
            expect(Math.abs(total - logit)).toBeLessThan(1e-5 * Math.max(1, Math.abs(logit)));
          }
        }
      }),
      { numRuns: 6, seed: 4 },
    );
  });
});

interface Bias {
  readonly tensor: string;
  /** What the node adds, one row of it. */
  readonly value: (forward: ReadonlyMap<string, Array64>) => ArrayLike<number>;
}

/** Everything that nodes above a tensor add to their input. */
function biasesAbove(graph: Graph, from: string): Bias[] {
  const after = new Set([from]);
  const biases: Bias[] = [];
  const constant = (name: string | undefined) => (forward: ReadonlyMap<string, Array64>) =>
    forward.get(name ?? '')?.data ?? [];
  for (const { op, inputs, outputs, attributes } of graph.nodes) {
    const [tensor = ''] = outputs;
    if (!inputs.some((name) => after.has(name))) continue;
    for (const name of outputs) after.add(name);
    const bias = inputs[2];
    if ((op === 'Gemm' || op === 'LayerNormalization') && bias)
      biases.push({ tensor, value: constant(bias) });
    if (op === 'Add') {
      const added = inputs.find((name) => graph.constants.has(name));
      if (added !== undefined) biases.push({ tensor, value: constant(added) });
    }
    if (op === 'BatchNormalization') {
      const epsilon = attributes.epsilon ?? 1e-5;
      const [, scale, shift, mean, variance] = inputs;
      biases.push({
        tensor,
        value: (forward) =>
          Array.from(constant(shift)(forward), (value, i) => {
            const at = (name: string | undefined) => constant(name)(forward)[i] ?? NaN;
            return value - (at(mean) * at(scale)) / Math.sqrt(at(variance) + epsilon);
          }),
      });
    }
  }
  return biases;
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a).reduce((sum, value, i) => sum + value * (b[i] ?? NaN), 0);
}

/** The product of a gradient with a bias that every row shares. */
function repeatedDot(gradient: ArrayLike<number>, bias: ArrayLike<number>): number {
  return Array.from(gradient).reduce((sum, g, i) => sum + g * (bias[i % bias.length] ?? NaN), 0);
}
