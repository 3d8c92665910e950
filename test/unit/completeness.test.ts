/** Completeness errors: of walks through real graphs, and of sums that are known. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Classified, Explainer } from '../../src/engine/explainer';
import { completenessError } from '../../src/engine/measure/completeness';
import { methods } from '../../src/engine/methods/catalogue';
import { openExplainer } from '../../src/engine/open-explainer';
import type { VitStructure } from '../../src/engine/vit/structure';
import { buildVit, picture, type VitOptions } from '../fixtures/build-vit';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'vit-completeness-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function errorsOf(options: VitOptions, method: string, against?: number) {
  const { bytes, inputDims } = buildVit(options);
  const file = path.join(folder, 'vit.onnx');
  await writeFile(file, bytes);
  const engine = { threads: 1, provider: 'cpu', cacheFolder: undefined } as const;
  const explainer = await openExplainer(file, engine);
  try {
    const call = { method, options: {} };
    const classified = await explainer.classify(picture(inputDims), call);
    const errors: (number | undefined)[] = [];
    for (const index of [0, 2]) {
      const target = { index, ...(against !== undefined && { against }) };
      const targets = [against === undefined ? index : { index, against }];
      const { maps, shape } = await explainer.explain(classified, method, {}, targets);
      const map = { values: maps, shape };
      errors.push(await completenessError(explainer, classified, call, target, map));
    }
    return errors;
  } finally {
    await explainer.release();
  }
}

describe('completenessError', () => {
  it.each<VitOptions>([
    {},
    { readout: 'mean', layerScale: true, activation: 'tanh-gelu', norm: 'post' },
    { readout: 'cls+mean', head: 'batch-norm', projections: 'separate', prefixTokens: 5 },
    { readout: 'attention-pool', prefixTokens: 0, activation: 'quick-gelu', inputNorm: true },
    { head: 'cosine', activation: 'relu', sequenceFirst: true },
    { normKind: 'rms', embedding: 'cut', spelledOut: true },
    { readout: 'distilled', prefixTokens: 2, activation: 'silu', attention: 'einsum' },
  ])('is rounding where the walk holds attention, deviations and gates fixed: %o', async (vit) => {
    for (const error of [
      ...(await errorsOf({ blocks: 3, ...vit }, 'libra_fullgrad')),
      ...(await errorsOf({ blocks: 3, ...vit }, 'libra_fullgrad', 1)),
    ]) {
      expect(error).toBeLessThan(1e-4);
    }
  });

  it('is what sixteen points miss of the whole way, by integrated gradients', async () => {
    for (const error of await errorsOf({ blocks: 2 }, 'integrated_gradients'))
      expect(error).toBeLessThan(0.05);
  });

  it('is not there where nothing is promised', async () => {
    const promising = methods.filter(({ promise }) => promise !== undefined);
    expect(promising.map(({ info }) => info.id)).toEqual([
      'libra_fullgrad',
      'integrated_gradients',
    ]);
    expect(await errorsOf({}, 'attnlrp_blocks')).toEqual([undefined, undefined]);
    expect(await errorsOf({}, 'attention')).toEqual([undefined, undefined]);
    // A head with tanh is no affine map.
    expect(await errorsOf({ head: 'mlp' }, 'libra_fullgrad')).toEqual([undefined, undefined]);
  });

  it('is the share of the promise that is missing or too much', async () => {
    const logits = Float32Array.of(3, 1);
    const classified: Classified = { logits, pixels: new Float32Array(12) };
    // The answer to a grey image.
    const none = Float32Array.of(1, 2);
    const explainer: Pick<Explainer, 'classify' | 'explain' | 'output' | 'structure'> = {
      output: { kind: 'value', assumed: [] },
      structure: {
        grey: [0, 0, 0],
        inputSize: [2, 2],
        patchSize: [1, 1],
      } as unknown as VitStructure,
      classify: () => Promise.resolve({ logits: none, pixels: new Float32Array(12) }),
      explain: () =>
        Promise.resolve({
          maps: new Float32Array(4),
          shape: [2, 2],
          preset: 'model',
          totals: Float32Array.of(2.4),
        }),
    };
    const map = { values: Float32Array.of(1, 1, 1, 0), shape: [2, 2] } as const;
    const of = (method: string, target: { index: number; against?: number }) =>
      completenessError(explainer, classified, { method, options: {} }, target, map);
    // 3 of 3 − 1, and of (3 − 1) − (1 − 2).
    expect(await of('integrated_gradients', { index: 0 })).toBeCloseTo(0.5, 6);
    expect(await of('integrated_gradients', { index: 0, against: 1 })).toBeCloseTo(0, 6);
    // 2.4 of 3, and of 3 − 1.
    expect(await of('libra_fullgrad', { index: 0 })).toBeCloseTo(0.2, 6);
    expect(await of('libra_fullgrad', { index: 0, against: 1 })).toBeCloseTo(0.2, 6);
  });
});
