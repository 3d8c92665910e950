/**
 * Grad-CAM on attention has no golden figure of its own, but both of its factors have: the last
 * block's attention and its gradient, as the original PyTorch code leaves them.
 */
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { openExplainer } from '../../src/engine/open-explainer';
import { GoldenFigures } from '../golden-figures';
import { describeWithGolden, goldenExports } from '../shared-folder';

const families = ['vit_s', 'mae_s', 'dinov2_s', 'clip_s', 'clip_qgelu_s', 'vit_d12_trained'];

interface Reference {
  /** Over the patches, before negative values are cut. */
  readonly map: Float64Array;
  readonly largest: number;
}

/** mean_h of each head's attention times its mean gradient, from the CLS token to the patches. */
function referenceOf(figures: GoldenFigures, classIndex: number): Reference {
  let last = 0;
  while (figures.find(`attn.${last + 1}`)) last++;
  const attention = figures.get(`attn.${last}`);
  const gradient = figures.get(`${classIndex}.attn_grad.${last}`);
  const map = new Float64Array(figures.get(`${classIndex}.transformer_attribution`).length);
  // All models of the golden figures have one CLS token before the patches.
  const tokens = map.length + 1;
  const heads = attention.length / tokens ** 2;
  for (let head = 0; head < heads; head++) {
    const row = head * tokens ** 2 + 1;
    const patches = gradient.slice(row, row + map.length);
    let weight = 0;
    for (const value of patches) weight += value / map.length;
    for (const patch of map.keys())
      map[patch] = (map[patch] ?? 0) + (weight * (attention[row + patch] ?? 0)) / heads;
  }
  return { map, largest: Math.max(...map.map(Math.abs)) };
}

const report: string[] = [];

for (const family of families) {
  describeWithGolden(`${family}: from the original’s attention and gradient`, family, () => {
    const figures = new GoldenFigures(family, 'seed');
    const references = figures.classes.map((index) => referenceOf(figures, index));
    it.each(goldenExports(family).map((file) => [path.basename(file), file]))(
      '%s',
      async (name, file) => {
        const explainer = await openExplainer(file, {
          threads: 2,
          provider: 'cpu',
          cacheFolder: undefined,
        });
        try {
          const classified = await explainer.classify(Float32Array.from(figures.get('input')));
          const { maps } = await explainer.explain(
            classified,
            'gradcam_attention',
            {},
            figures.classes,
          );
          references.forEach(({ map, largest }, k) => {
            const ours = maps.subarray(k * map.length, (k + 1) * map.length);
            const error = Math.max(
              ...ours.map((value, patch) => Math.abs(value - Math.max(0, map[patch] ?? 0))),
            );
            const cut = map.filter((value) => value < 0).length;
            report.push(
              `${family}, ${name}, class ${figures.classes[k] ?? ''}: ${(error / largest).toExponential(1)}, ${cut} of ${map.length} patches negative`,
            );
            expect.soft(error / largest).toBeLessThan(1e-3);
          });
        } finally {
          await explainer.release();
        }
      },
    );
  });
}

afterAll(() => {
  console.log(['error over the largest value before negative ones are cut', ...report].join('\n'));
});
