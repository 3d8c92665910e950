/**
 * The same graphs on the `webgpu` provider that onnxruntime-node bundles. A machine without a GPU
 * runs them on SwiftShader, the software Vulkan driver inside Debian's chromium: slow, but the same
 * shaders. Where there is neither, the tests are left out and say so.
 */
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { openExplainer } from '../../src/engine/explainer';
import { buildVit, picture } from '../fixtures/build-vit';
import { relativeError } from '../golden-figures';

const swiftShader = '/usr/lib/chromium/vk_swiftshader_icd.json';
const hasAdapter = existsSync('/dev/dri') || existsSync(swiftShader);
if (!existsSync('/dev/dri')) {
  process.env.VK_ICD_FILENAMES = swiftShader;
  process.env.XDG_RUNTIME_DIR ??= tmpdir();
}

/** Software rendering on a busy machine takes minutes for what takes a GPU a moment. */
const patience = 600_000;

const methods = ['transformer_attribution', 'gae', 'libra_fullgrad', 'attention_rollout'];

describe.skipIf(!hasAdapter)(
  'webgpu (left out where there is neither a GPU nor /usr/lib/chromium/vk_swiftshader_icd.json)',
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
