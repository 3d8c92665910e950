/** Why one class and not another: every method's map of the difference of two numbers of the model. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import type { Explainer } from '../../src/engine/explainer';
import { methods } from '../../src/engine/methods/catalogue';
import { seedFor } from '../../src/engine/methods/seed';
import type { Target } from '../../src/engine/methods/seed';
import { canonicalise } from '../../src/engine/onnx/canonicalise';
import type { CanonicalModel } from '../../src/engine/onnx/canonicalise';
import { asFloat32, floatBytes } from '../../src/engine/onnx/tensor-bytes';
import { explainerOf } from '../../src/engine/open-explainer';
import { probabilitiesOf } from '../../src/engine/outputs/probabilities';
import { outputKinds } from '../../src/shared/output-kind';
import { buildVit, picture } from '../fixtures/build-vit';
import type { VitOptions } from '../fixtures/build-vit';
import { array64 } from '../float64-evaluator';
import { relativeError } from '../golden-figures';
import { forward64 } from '../walk-in-float64';

const [index, against] = [3, 1];
const contrast = { index, against };

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'vit-contrast-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function canonical(options: VitOptions = {}): Promise<CanonicalModel> {
  const file = path.join(folder, 'vit.onnx');
  await writeFile(file, buildVit(options).bytes);
  return canonicalise(file);
}

const dims = buildVit({}).inputDims;
const pixels = picture(dims);

async function withExplainer(
  model: CanonicalModel,
  work: (
    mapOf: (method: string, target: Target) => Promise<Float32Array>,
    explainer: Explainer,
  ) => Promise<void>,
): Promise<void> {
  const explainer = await explainerOf(model, { threads: 1, provider: 'cpu' });
  try {
    const classified = await explainer.classify(pixels);
    await work(
      async (method, target) => (await explainer.explain(classified, method, {}, [target])).maps,
      explainer,
    );
  } finally {
    await explainer.release();
  }
}

const minus = (a: Float32Array, b: Float32Array) => a.map((value, i) => value - (b[i] ?? NaN));

/** The same model, but that class 0 is what `index` has more than `against`. */
function withDifferenceAsClass(model: CanonicalModel): CanonicalModel {
  const { graph } = model;
  const head = graph.nodes.findLast(({ op }) => op === 'Gemm');
  const constants = new Map(graph.constants);
  const [, weight = '', bias = ''] = head?.inputs ?? [];
  for (const name of [weight, bias]) {
    const constant = constants.get(name);
    if (!constant) throw new Error('the head is no linear map with a bias');
    const values = Float32Array.from(asFloat32(constant));
    // Classes in the last axis, or in the first of a transposed weight.
    const isRow = name === weight && head?.attributes.transB === 1;
    const [each, step] = isRow ? [1, constant.dims[1] ?? 0] : [constant.dims.at(-1) ?? 0, 1];
    const count = isRow ? (constant.dims[1] ?? 0) : values.length / each;
    for (let i = 0; i < count; i++) {
      values[i * each] =
        (values[i * each + index * step] ?? NaN) - (values[i * each + against * step] ?? NaN);
    }
    constants.set(name, { ...constant, data: floatBytes(values) });
  }
  return { ...model, graph: { ...graph, constants } };
}

describe('the seed of a contrast', () => {
  it.each(outputKinds)('is 1 and −1 of %s, whatever the method’s seed', (kind) => {
    const outputs = Float32Array.of(0.1, 0.2, 0.3, 0.4);
    for (const seed of ['logit', 'probability'] as const) {
      expect([...seedFor(seed, kind, outputs, [contrast, 2]).subarray(0, 4)]).toEqual([
        0, -1, 0, 1,
      ]);
    }
  });
});

describe('the map of a contrast', () => {
  it('is the slope of the log-odds that central differences find', async () => {
    const model = await canonical();
    const { graph } = model;
    const logOdds = (image: ArrayLike<number>) => {
      const [input = '', output = ''] = [graph.inputs[0]?.name, graph.outputs[0]?.name];
      const logits = forward64(graph, { [input]: array64(dims, image) }).get(output)?.data;
      const shares = probabilitiesOf(Float32Array.from(logits ?? []), 'softmax');
      const exact = Math.log((shares?.[index] ?? NaN) / (shares?.[against] ?? NaN));
      const difference = (logits?.[index] ?? NaN) - (logits?.[against] ?? NaN);
      // The shares are those of rounded logits: the difference itself is finer.
      expect(exact).toBeCloseTo(difference, 5);
      return difference;
    };
    await withExplainer(model, async (mapOf) => {
      const map = await mapOf('input_x_gradient', contrast);
      const step = 1e-5;
      for (const place of [0, 17, 50, 95]) {
        const scaled = (by: number) =>
          logOdds(
            Float64Array.from(pixels, (value, i) =>
              i % map.length === place ? value * by : value,
            ),
          );
        const slope = (scaled(1 + step) - scaled(1 - step)) / (2 * step);
        expect(map[place]).toBeCloseTo(slope, 5);
      }
    });
  });

  it('is the difference of both classes’ maps where a method is linear in its seed', async () => {
    await withExplainer(await canonical(), async (mapOf) => {
      for (const method of ['input_x_gradient', 'integrated_gradients', 'attnlrp']) {
        const expected = minus(await mapOf(method, index), await mapOf(method, against));
        expect(relativeError(await mapOf(method, contrast), expected), method).toBeLessThan(1e-4);
      }
    });
  });

  it('is that of the log-odds for Libra, whose maps of one class are those of its probability', async () => {
    await withExplainer(await canonical(), async (mapOf, explainer) => {
      const { logits } = await explainer.classify(pixels);
      const shares = probabilitiesOf(logits, 'softmax');
      // d log p = dp / p.
      const ofLog = async (k: number) =>
        (await mapOf('libra_fullgrad', k)).map((value) => value / (shares?.[k] ?? NaN));
      const expected = minus(await ofLog(index), await ofLog(against));
      expect(relativeError(await mapOf('libra_fullgrad', contrast), expected)).toBeLessThan(1e-4);
    });
  });

  test.each(['linear', 'batch-norm'] as const)(
    'is that of a model which gives the difference itself, by every method, for a head of kind %s',
    async (head) => {
      const model = await canonical({ head, seed: 2 });
      const ids = methods
        .filter(({ info, seed }) => info.classSpecific && seed === undefined)
        .map(({ info }) => info.id);
      expect(ids).toContain('transformer_attribution');
      await withExplainer(model, async (mapOf) => {
        await withExplainer(withDifferenceAsClass(model), async (mapOfDifference) => {
          for (const id of ids) {
            expect(
              relativeError(await mapOf(id, contrast), await mapOfDifference(id, 0)),
              id,
            ).toBeLessThan(2e-4);
          }
        });
      });
    },
  );

  it('comes beside classes in one run', async () => {
    await withExplainer(await canonical(), async (mapOf, explainer) => {
      const classified = await explainer.classify(pixels);
      for (const method of ['gae', 'transformer_attribution']) {
        const { maps } = await explainer.explain(classified, method, {}, [2, contrast]);
        const expected = [...(await mapOf(method, 2)), ...(await mapOf(method, contrast))];
        expect(relativeError(maps, expected), method).toBeLessThan(1e-4);
      }
    });
  });
});

describe('a contrast is refused', () => {
  it('by methods that are the same for every class', async () => {
    await withExplainer(await canonical(), async (mapOf) => {
      for (const { info } of methods.filter((method) => !method.info.classSpecific)) {
        await expect(mapOf(info.id, contrast)).rejects.toThrow(
          `${info.name} gives the same map for every class`,
        );
      }
    });
  });

  it('by relevance where two heads are averaged, which has no start for a difference', async () => {
    await withExplainer(
      await canonical({ readout: 'distilled', prefixTokens: 2 }),
      async (mapOf) => {
        expect((await mapOf('gae', contrast)).some((value) => value !== 0)).toBe(true);
        await expect(mapOf('rollout', contrast)).rejects.toThrow(/no start for their difference/);
        expect((await mapOf('rollout', 2)).some((value) => value !== 0)).toBe(true);
      },
    );
  });

  it('of a class with itself, or with one that is not there', async () => {
    await withExplainer(await canonical(), async (mapOf) => {
      await expect(mapOf('gae', { index: 2, against: 2 })).rejects.toThrow(/from itself/);
      await expect(mapOf('gae', { index: 2, against: 5 })).rejects.toThrow(/no class 5/);
    });
  });
});
