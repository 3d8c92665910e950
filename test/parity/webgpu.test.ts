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
import { GoldenFigures, pearson, relativeError } from '../golden-figures';
import { describeWithShared, sharedPath } from '../shared-folder';

const swiftShader = '/usr/lib/chromium/vk_swiftshader_icd.json';
const hasAdapter = existsSync('/dev/dri') || existsSync(swiftShader);
if (!existsSync('/dev/dri')) {
  process.env['VK_ICD_FILENAMES'] = swiftShader;
  process.env['XDG_RUNTIME_DIR'] ??= tmpdir();
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

describe.skipIf(!hasAdapter)('golden figures on webgpu', () => {
  describeWithShared('vit_s', 'golden', () => {
    it(
      'transformer_attribution is that of the original code',
      async () => {
        const figures = new GoldenFigures('vit_s', 'seed');
        const explainer = await openExplainer(
          sharedPath('golden/vit_s/onnx/timm_sdpa_op17_dyn.onnx'),
          { threads: 2, provider: 'webgpu', cacheFolder: undefined },
        );
        try {
          expect(explainer.provider).toBe('webgpu');
          const classified = await explainer.classify(Float32Array.from(figures.get('input')));
          const { maps } = await explainer.explain(
            classified,
            'transformer_attribution',
            { preset: 'base' },
            figures.classes,
          );
          const size = maps.length / figures.classes.length;
          for (const [k, index] of figures.classes.entries()) {
            const map = maps.subarray(k * size, (k + 1) * size);
            const reference = figures.get(`${index}.transformer_attribution.f64`);
            const error = relativeError(map, reference);
            console.log(`webgpu, vit_s, class ${index}: relative error ${error.toExponential(1)}`);
            expect(error).toBeLessThan(1e-3);
            expect(pearson(map, reference)).toBeGreaterThan(0.999);
          }
        } finally {
          await explainer.release();
        }
      },
      patience,
    );
  });
});
