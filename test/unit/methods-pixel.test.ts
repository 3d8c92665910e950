/** Input × gradient and integrated gradients against differences of the logit, in float64. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openExplainer } from '../../src/engine/open-explainer';
import { canonicalise } from '../../src/engine/onnx/canonicalise';
import { findStructure } from '../../src/engine/vit/find-structure';
import { buildVit, picture } from '../fixtures/build-vit';
import type { VitOptions } from '../fixtures/build-vit';
import { forward64, sumOf } from '../walk-in-float64';

/** No ReLU, and seeds whose logits are smooth enough from zero to the picture for 16 steps. */
const vits: readonly (VitOptions & { readonly name: string })[] = [
  { name: 'pre-norm, read at the class token', seed: 8 },
  { name: 'post-norm, read at the mean of the patches', norm: 'post', readout: 'mean', seed: 4 },
];
const classes = [3, 1];
/** Points at which integrated gradients takes the gradient. */
const steps = 16;

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'vit-pixel-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The map of each class by a method, and the logits of these classes for any picture. */
async function explained(options: VitOptions, method: string) {
  const { bytes, inputDims } = buildVit(options);
  const file = path.join(folder, 'vit.onnx');
  await writeFile(file, bytes);
  const pixels = picture(inputDims);
  const explainer = await openExplainer(file, {
    threads: 1,
    provider: 'cpu',
    cacheFolder: undefined,
  });
  try {
    const classified = await explainer.classify(pixels);
    const { maps, shape } = await explainer.explain(classified, method, {}, classes);
    expect(shape).toEqual(inputDims.slice(2));
    const size = shape[0] * shape[1];
    const { graph } = await canonicalise(file);
    const structure = findStructure(graph);
    const logits = (data: Float64Array) => {
      const forward = forward64(graph, { [structure.pixels]: { dims: inputDims, data } });
      const all = forward.get(structure.logits)?.data ?? [];
      return classes.map((index) => all[index] ?? NaN);
    };
    return {
      maps: classes.map((_, k) => maps.subarray(k * size, (k + 1) * size)),
      pixels: Float64Array.from(pixels),
      size,
      logits,
    };
  } finally {
    await explainer.release();
  }
}

type Explained = Awaited<ReturnType<typeof explained>>;

/**
 * Slopes of the logits at `share` of the picture when one place changes, in each channel by as much
 * as the picture has there: Σ over channels of value × derivative.
 */
function slopesAt({ pixels, size, logits }: Explained, place: number, share: number): number[] {
  const change = 1e-5;
  const at = (sign: number) =>
    logits(pixels.map((x, i) => x * (i % size === place ? share + sign * change : share)));
  const [up, down] = [at(1), at(-1)];
  return up.map((value, k) => (value - (down[k] ?? NaN)) / (2 * change));
}

/** Logits at `share` of the picture. */
const along = ({ pixels, logits }: Explained, share: number) =>
  logits(pixels.map((x) => x * share));

function expectClose(found: number | undefined, expected: number, scale: number): void {
  expect(Math.abs((found ?? NaN) - expected)).toBeLessThan(1e-5 * scale);
}

const largest = (values: ArrayLike<number>) => Math.max(...Array.from(values, Math.abs));

describe.each(vits)('pixel maps of a ViT, $name', (options) => {
  it('input_x_gradient is the pixel times the slope of the logit there, over all channels', async () => {
    const vit = await explained(options, 'input_x_gradient');
    for (let place = 0; place < vit.size; place += 7) {
      for (const [k, slope] of slopesAt(vit, place, 1).entries())
        expectClose(vit.maps[k]?.[place], slope, largest(vit.maps[k] ?? []));
    }
  });

  it('integrated_gradients is the mean of that over the middles of 16 steps from zero', async () => {
    const vit = await explained(options, 'integrated_gradients');
    for (const place of [0, 17, 50, vit.size - 1]) {
      const mean = classes.map(() => 0);
      for (let i = 0; i < steps; i++) {
        for (const [k, slope] of slopesAt(vit, place, (i + 0.5) / steps).entries())
          mean[k] = (mean[k] ?? NaN) + slope / steps;
      }
      for (const [k, expected] of mean.entries())
        expectClose(vit.maps[k]?.[place], expected, largest(vit.maps[k] ?? []));
    }
  });

  it('integrated_gradients adds up to logit(picture) − logit(zero), but for the error of its steps', async () => {
    const vit = await explained(options, 'integrated_gradients');
    const fine = 20;
    const h = 1 / (steps * fine);
    const way = Array.from({ length: steps * fine + 3 }, (_, i) => along(vit, (i - 1) * h));
    for (const k of classes.keys()) {
      const value = (i: number) => way[i]?.[k] ?? NaN;
      const third = Array.from({ length: steps * fine }, (_, i) =>
        Math.abs((value(i + 3) - 3 * value(i + 2) + 3 * value(i + 1) - value(i)) / h ** 3),
      );
      // Midpoint rule: a step is wrong by at most max |f‴| / 24 n³, f the logit along the way.
      let bound = 0;
      for (let step = 0; step < steps; step++)
        bound += largest(third.slice(step * fine, (step + 1) * fine)) / (24 * steps ** 3);
      const total = (along(vit, 1)[k] ?? NaN) - (along(vit, 0)[k] ?? NaN);
      const error = Math.abs(sumOf(vit.maps[k] ?? []) - total);
      expect(error).toBeLessThan(bound + 1e-5);
      // Otherwise the bound says nothing.
      expect(bound).toBeLessThan(0.1 * Math.abs(total));
    }
  });
});
