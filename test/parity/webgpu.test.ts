/**
 * The same graphs on the `webgpu` provider that onnxruntime-node bundles, on a GPU or on a software
 * one. Where there is neither, the tests are left out and say so.
 */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openExplainer } from '../../src/engine/open-explainer';
import { buildVit, picture } from '../fixtures/build-vit';
import { relativeError } from '../golden-figures';
import { gpuLacks, useSoftwareGpu } from '../software-gpu';

const lacks = gpuLacks();
useSoftwareGpu();

/** Software rendering on a busy machine takes minutes for what takes a GPU a moment. */
const patience = 600_000;

const methods = ['transformer_attribution', 'gae', 'libra_fullgrad', 'attention_rollout'];

describe.skipIf(lacks !== undefined)(
  lacks === undefined ? 'webgpu' : `webgpu (left out: ${lacks})`,
  () => {
    it(
      'gives the maps that the CPU gives, for several classes in one run',
      async () => {
        const { bytes, inputDims } = buildVit({ blocks: 2, prefixTokens: 1 });
        const file = path.join(mkdtempSync(path.join(tmpdir(), 'webgpu-')), 'vit.onnx');
        writeFileSync(file, bytes);
        const pixels = picture(inputDims);
        const open = (provider: 'cpu' | 'webgpu') =>
          openExplainer(file, { threads: 2, provider, cacheFolder: undefined });
        const [cpu, gpu] = [await open('cpu'), await open('webgpu')];
        try {
          expect(gpu.provider).toBe('webgpu');
          expect(gpu.notices).toEqual([]);
          const [onCpu, onGpu] = [await cpu.classify(pixels), await gpu.classify(pixels)];
          expect(relativeError(onGpu.logits, onCpu.logits)).toBeLessThan(1e-4);
          for (const method of methods) {
            const { maps } = await cpu.explain(onCpu, method, {}, [3, 0]);
            const other = await gpu.explain(onGpu, method, {}, [3, 0]);
            expect(relativeError(other.maps, maps), method).toBeLessThan(1e-3);
          }
        } finally {
          await cpu.release();
          await gpu.release();
        }
      },
      patience,
    );
  },
);
