/** A part of the golden figures on the WebGPU provider, on a GPU or on a software one. */
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Explainer } from '../../src/engine/explainer';
import { openExplainer } from '../../src/engine/open-explainer';
import { GoldenFigures, pearson, relativeError } from '../golden-figures';
import { sharedPath } from '../shared-folder';
import { gpuLacks, useSoftwareGpu } from '../software-gpu';

const model = sharedPath('golden', 'vit_s', 'onnx', 'timm_sdpa_op17_dyn.onnx');
const lacks = existsSync(model) ? gpuLacks() : `${model} is absent`;

async function open(provider: 'cpu' | 'webgpu'): Promise<Explainer> {
  return openExplainer(model, { threads: 2, provider, cacheFolder: undefined });
}

const title = 'methods on WebGPU';
const suite =
  lacks === undefined
    ? describe
    : (_: string, body: () => void) => {
        describe.skip(`${title} (left out: ${lacks})`, body);
      };

suite(title, () => {
  it('agree with the original code and with the CPU', { timeout: 300_000 }, async () => {
    useSoftwareGpu();
    const figures = new GoldenFigures('vit_s', 'seed');
    const pixels = Float32Array.from(figures.get('input'));
    const [gpu, cpu] = [await open('webgpu'), await open('cpu')];
    try {
      expect(gpu.notices).toEqual([]);
      expect(gpu.provider).toBe('webgpu');
      const [onGpu, onCpu] = [await gpu.classify(pixels), await cpu.classify(pixels)];
      expect(relativeError(onGpu.logits, onCpu.logits)).toBeLessThan(1e-5);
      const { classes } = figures;
      for (const id of [
        'transformer_attribution',
        'gae',
        'gradcam',
        'attnlrp',
        'libra_fullgrad',
        'attention_rollout',
      ]) {
        const mine = await gpu.explain(onGpu, id, {}, classes);
        const theirs = await cpu.explain(onCpu, id, {}, classes);
        expect(relativeError(mine.maps, theirs.maps), id).toBeLessThan(1e-3);
        if (id !== 'transformer_attribution') continue;
        const size = mine.maps.length / classes.length;
        for (const [k, index] of classes.entries()) {
          const reference = figures.get(`${index}.transformer_attribution.f64`);
          const map = mine.maps.subarray(k * size, (k + 1) * size);
          expect(relativeError(map, reference)).toBeLessThan(1e-3);
          expect(pearson(map, reference)).toBeGreaterThan(0.999);
        }
      }
    } finally {
      await gpu.release();
      await cpu.release();
    }
  });
});
