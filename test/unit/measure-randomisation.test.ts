/** Shuffled weights, and what becomes of the maps. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Explainer } from '../../src/engine/explainer';
import { randomisation, shuffledShares } from '../../src/engine/measure/randomisation';
import { withShuffledWeights } from '../../src/engine/measure/shuffled-weights';
import type { Graph } from '../../src/engine/onnx/graph';
import { asFloat32 } from '../../src/engine/onnx/tensor-bytes';
import { openExplainer } from '../../src/engine/open-explainer';
import { buildVit, picture, type VitOptions } from '../fixtures/build-vit';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'vit-randomisation-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function opened<Found>(
  options: VitOptions,
  use: (explainer: Explainer, pixels: Float32Array) => Promise<Found>,
): Promise<Found> {
  const { bytes, inputDims } = buildVit(options);
  const file = path.join(folder, 'vit.onnx');
  await writeFile(file, bytes);
  const explainer = await openExplainer(file, {
    threads: 1,
    provider: 'cpu',
    cacheFolder: undefined,
  });
  try {
    return await use(explainer, picture(inputDims));
  } finally {
    await explainer.release();
  }
}

const spellings: readonly VitOptions[] = [
  { blocks: 3 },
  { blocks: 3, readout: 'mean', norm: 'post', projections: 'separate' },
  { blocks: 3, readout: 'attention-pool', prefixTokens: 0, normKind: 'rms', spelledOut: true },
];

describe('withShuffledWeights', () => {
  it.each(spellings)('keeps every value, and the blocks before the first one: %o', async (vit) => {
    await opened(vit, async (explainer, pixels) => {
      const seen: { before: Graph; after: Graph; from: number }[] = [];
      for (const from of [3, 1]) {
        const other = await explainer.withWeights((before, structure) => {
          const after = withShuffledWeights(before, structure, from, 1);
          seen.push({ before, after, from });
          return after;
        });
        const [mine, its] = [await explainer.classify(pixels), await other.classify(pixels)];
        expect(its.logits).not.toEqual(mine.logits);
        await other.release();
      }
      for (const { before, after } of seen) {
        const changed = after.nodes.flatMap(({ inputs }, i) =>
          inputs.flatMap((input, at) => {
            const own = before.nodes[i]?.inputs[at] ?? '';
            return input === own ? [] : [[own, input] as const];
          }),
        );
        expect(changed.length).toBeGreaterThan(0);
        for (const [own, input] of changed) {
          const [values, shuffled] = [before, after].map((graph, which) => {
            const constant = graph.constants.get(which === 0 ? own : input);
            return constant && Float32Array.from(asFloat32(constant)).sort();
          });
          expect(shuffled).toEqual(values);
        }
      }
      const countOf = (at: number) =>
        [...(seen[at]?.after.constants.keys() ?? [])].filter((name) => name.endsWith('/shuffled'))
          .length;
      expect(countOf(1)).toBeGreaterThan(countOf(0));
    });
  });

  it('leaves the blocks before alone: the last attention while only the head is shuffled', async () => {
    await opened({ blocks: 3 }, async (explainer, pixels) => {
      const call = { method: 'attention', options: {} };
      const mapOf = async (one: Explainer) =>
        (await one.explain(await one.classify(pixels, call), call.method, call.options, [0])).maps;
      const other = await explainer.withWeights((graph, structure) =>
        withShuffledWeights(graph, structure, 3, 1),
      );
      const last = await explainer.withWeights((graph, structure) =>
        withShuffledWeights(graph, structure, 2, 1),
      );
      try {
        const mine = await mapOf(explainer);
        expect(await mapOf(other)).toEqual(mine);
        expect(await mapOf(last)).not.toEqual(mine);
      } finally {
        await other.release();
        await last.release();
      }
    });
  });
});

describe('randomisation', () => {
  it('is 1 of a map without a class while only the head is shuffled, and falls from there', async () => {
    await opened({ blocks: 3 }, async (explainer, pixels) => {
      const calls = ['attention_rollout', 'libra_fullgrad'].map((method) => ({
        method,
        options: {},
      }));
      const told: number[] = [];
      const found = await randomisation(explainer, [pixels], calls, (done) => told.push(done));
      const rollout = found.get('attention_rollout') ?? [];
      expect(rollout).toHaveLength(shuffledShares.length);
      expect(rollout[0]).toBeCloseTo(1, 6);
      expect(rollout.at(-1)).toBeLessThan(0.9);
      expect(found.get('libra_fullgrad')?.[0]).toBeLessThan(0.99);
      expect(told).toEqual([1, 2, 3, 4]);
    });
  });
});
