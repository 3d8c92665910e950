/**
 * Every method on every golden export, class by class, against the original PyTorch codes in
 * float64; the reference's own float32 error stands beside ours in the report.
 */
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Classified, Explainer } from '../../src/engine/explainer';
import { openExplainer } from '../../src/engine/open-explainer';
import type { MethodOptions } from '../../src/shared/explanation';
import { GoldenFigures, pearson, relativeError } from '../golden-figures';
import { describeWithGolden, goldenExports } from '../shared-folder';

interface Case {
  readonly source: 'seed' | 'chefer' | 'others' | 'lxt';
  readonly method: string;
  readonly options: MethodOptions;
  /** Key of the reference in float32; float64 stands under the same key with `.f64`, where there is one. */
  readonly key: (classIndex: number) => string;
  /** What the reference's figure becomes before it is compared. */
  readonly from?: (reference: Float32Array | Float64Array) => ArrayLike<number>;
  /** What our map becomes before it is compared. */
  readonly to?: (map: Float32Array) => ArrayLike<number>;
}

const relu = (values: Float32Array | Float64Array) => values.map((value) => Math.max(0, value));
const overMaximum = (map: Float32Array) => map.map((value) => value / Math.max(...map));

function seedCases(): Case[] {
  const source = 'seed';
  const base: MethodOptions = { preset: 'base' };
  const of = (method: string, suffix: string, more: MethodOptions = {}): Case => ({
    source,
    method,
    options: { ...base, ...more },
    key: (index) => `${index}.${suffix}`,
  });
  return [
    of('transformer_attribution', 'transformer_attribution'),
    of('transformer_attribution', 'transformer_attribution.sl1', { startLayer: 1 }),
    of('transformer_attribution', 'transformer_attribution.sl2', { startLayer: 2 }),
    of('rollout', 'rollout'),
    of('rollout', 'rollout.sl1', { startLayer: 1 }),
    of('full', 'full'),
    of('last_layer', 'last_layer'),
    of('last_layer', 'last_layer.ablation', { isAblation: true }),
    of('last_layer_attn', 'last_layer_attn'),
    of('attention', 'last_layer_attn'),
    of('second_layer', 'second_layer'),
    of('second_layer', 'second_layer.ablation', { isAblation: true }),
  ];
}

function cheferCases(): Case[] {
  const source = 'chefer';
  const chefer: MethodOptions = { preset: 'chefer' };
  const of = (method: string, suffix: string, more: MethodOptions = {}): Case => ({
    source,
    method,
    options: { ...chefer, ...more },
    key: (index) => `lrp.${index}.${suffix}`,
  });
  return [
    of('transformer_attribution', 'transformer_attribution'),
    of('transformer_attribution', 'transformer_attribution.sl1', { startLayer: 1 }),
    of('rollout', 'rollout'),
    of('rollout', 'rollout.sl1', { startLayer: 1 }),
    of('full', 'full'),
    of('last_layer', 'last_layer'),
    of('second_layer', 'second_layer'),
    { source, method: 'attention_rollout', options: {}, key: () => 'attn_rollout.sl0' },
    {
      source,
      method: 'attention_rollout',
      options: { startLayer: 1 },
      key: () => 'attn_rollout.sl1',
    },
    { source, method: 'gae', options: {}, key: (index) => `mm_generic.${index}` },
  ];
}

function otherCases(): Case[] {
  const fusions = (['mean', 'max', 'min'] as const).flatMap((headFusion) =>
    ['0.0', '0.5', '0.9'].map((ratio): Case => ({
      source: 'others',
      method: 'attention_rollout',
      options: { headFusion, discardRatio: Number(ratio) },
      key: () => `vitexplain.${headFusion}.dr${ratio}`,
      to: overMaximum,
    })),
  );
  return [
    {
      source: 'others',
      method: 'gradcam',
      options: {},
      key: (index) => `gradcam.last.norm1.${index}.raw`,
      from: relu,
    },
    ...fusions,
  ];
}

function lxtCases(): Case[] {
  return [
    { source: 'lxt', method: 'attnlrp', options: {}, key: (index) => `attn_eff.${index}` },
    {
      source: 'lxt',
      method: 'input_x_gradient',
      options: {},
      key: (index) => `gradxinput.${index}`,
    },
  ];
}

const cases: Readonly<Record<Case['source'], () => Case[]>> = {
  seed: seedCases,
  chefer: cheferCases,
  others: otherCases,
  lxt: lxtCases,
};

const families: Readonly<Record<string, readonly Case['source'][]>> = {
  vit_s: ['seed', 'chefer', 'others', 'lxt'],
  mae_s: ['seed', 'others'],
  dinov2_s: ['seed'],
  clip_s: ['seed'],
  clip_qgelu_s: ['seed'],
  vit_d12_trained: ['seed', 'chefer', 'others', 'lxt'],
};

const report: string[] = [];

for (const [family, sources] of Object.entries(families)) {
  describeWithGolden(`${family} against the original codes`, family, () => {
    for (const file of goldenExports(family)) {
      describe(path.basename(file), () => {
        compareAll(family, file, sources);
      });
    }
  });
}

afterAll(() => {
  console.log(
    ['family, export, method, key: our error, reference fp32 error, Pearson', ...report].join('\n'),
  );
});

function compareAll(family: string, file: string, sources: readonly Case['source'][]): void {
  const input = new GoldenFigures(family, 'seed').get('input');
  let opened: Promise<{ explainer: Explainer; classified: Classified }> | undefined;
  const open = () =>
    (opened ??= (async () => {
      const explainer = await openExplainer(file, {
        threads: 2,
        provider: 'cpu',
        cacheFolder: undefined,
      });
      return { explainer, classified: await explainer.classify(Float32Array.from(input)) };
    })());
  afterAll(async () => {
    if (opened) await (await opened).explainer.release();
  });

  for (const source of sources) {
    const figures = new GoldenFigures(family, source);
    for (const one of cases[source]()) {
      if (figures.find(one.key(figures.classes[0] ?? 0)) === undefined) continue;
      it(`${source}: ${one.method} ${JSON.stringify(one.options)}`, async () => {
        const { explainer, classified } = await open();
        const { maps } = await explainer.explain(
          classified,
          one.method,
          one.options,
          figures.classes,
        );
        const size = maps.length / figures.classes.length;
        for (const [k, index] of figures.classes.entries()) {
          const key = one.key(index);
          const from = one.from ?? ((values) => values);
          const single = from(figures.get(key));
          const double = figures.find(`${key}.f64`);
          const reference = double ? from(double) : single;
          const map = maps.subarray(k * size, (k + 1) * size);
          const ours = one.to ? one.to(map) : map;
          const error = relativeError(ours, reference);
          const own = double ? relativeError(single, reference) : 0;
          const likeness = pearson(ours, reference);
          report.push(
            `${family}, ${path.basename(file)}, ${one.method}, ${source} ${key}: ` +
              `${error.toExponential(1)}, ${double ? own.toExponential(1) : '—'}, ${likeness.toFixed(6)}`,
          );
          expect.soft(ours.length).toBe(reference.length);
          expect
            .soft(error, `${key} (reference fp32: ${own})`)
            .toBeLessThanOrEqual(Math.max(1e-3, 3 * own));
          expect.soft(likeness, key).toBeGreaterThanOrEqual(0.999);
        }
      });
    }
  }
}
