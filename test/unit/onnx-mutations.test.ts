/**
 * Models with one attribute or constant changed: what opens says what plain ONNX Runtime says of the
 * same file, on another picture than those that it was checked with. `MUTATIONS=300` tries as many.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { EngineError } from '../../src/engine/engine-error';
import { canonicalise } from '../../src/engine/onnx/canonicalise';
import { AttributeProto_AttributeType as AttributeType } from '../../src/engine/onnx/onnx_pb';
import type { AttributeProto, GraphProto } from '../../src/engine/onnx/onnx_pb';
import { floatBytes, int64Bytes } from '../../src/engine/onnx/tensor-bytes';
import { seededRandom } from '../../src/shared/random';
import { buildVit, picture } from '../fixtures/build-vit';
import type { VitOptions } from '../fixtures/build-vit';
import { editModel, floatValues } from '../fixtures/edit-model';
import { runModel } from '../fixtures/run-model';

const count = Number(process.env.MUTATIONS ?? 20);

const models: readonly VitOptions[] = [
  { spelledOut: true },
  { spelledOut: true, opset: 18, activation: 'tanh-gelu', readout: 'mean' },
  { opset: 20, attention: 'einsum', activation: 'gelu' },
  { opset: 23, attention: 'operator', normKind: 'rms' },
  { attention: 'multi-head', projections: 'separate', head: 'batch-norm' },
  { attention: 'packed', activation: 'quick-gelu', layerScale: true },
  { projections: 'per-head', activation: 'silu', head: 'cosine' },
  { sequenceFirst: true, embedding: 'cut', readout: 'attention-pool' },
  { grid: [4, 4], prefixTokens: 0, readout: 'mean', spelledOut: true, headDim: 8, heads: 2 },
];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'vit-mutations-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

type Random = () => number;

function pick<T>(random: Random, items: readonly T[]): T | undefined {
  return items[Math.floor(random() * items.length)];
}

function isOf({ type }: AttributeProto, kind: 'FLOAT' | 'INT'): boolean {
  return type === AttributeType[kind];
}

/** Changes one number that is not a weight; says which. */
function mutate(graph: GraphProto, random: Random): string {
  const attributes = graph.node.flatMap((node) =>
    node.attribute.map((attribute) => ({ node, attribute })),
  );
  const constants = graph.initializer.filter(
    ({ dims }) => dims.reduce((product, dim) => product * Number(dim), 1) <= 6,
  );
  const chosen = random() < 0.5 ? pick(random, attributes) : undefined;
  if (chosen) {
    const { attribute, node } = chosen;
    const step = random() < 0.5 ? 1n : -1n;
    if (attribute.ints.length > 1 && random() < 0.5) attribute.ints.reverse();
    else if (attribute.ints.length > 0) attribute.ints[0] = (attribute.ints[0] ?? 0n) + step;
    else if (isOf(attribute, 'FLOAT')) attribute.f *= pick(random, [0.1, 0.9, 2, 30, -1]) ?? 1;
    else if (isOf(attribute, 'INT')) attribute.i += step;
    else node.attribute = node.attribute.filter((one) => one !== attribute);
    return `${attribute.name} of ${node.opType} ${node.name}`;
  }
  const constant = pick(random, constants);
  if (!constant) return 'nothing';
  if (constant.dataType === 1) {
    const values = floatValues(constant.rawData);
    const at = Math.floor(random() * values.length);
    values[at] = pick(random, [0, 1, 2, 3, 0.5, -1, (values[at] ?? 0) * 1.02]) ?? 0;
    constant.rawData = floatBytes(values);
  } else {
    const values = [...new BigInt64Array(new Uint8Array(constant.rawData).buffer)].map(Number);
    const at = Math.floor(random() * values.length);
    values[at] = (values[at] ?? 0) + (random() < 0.5 ? 1 : -1);
    constant.rawData = int64Bytes(values);
  }
  const reader = graph.node.find(({ input }) => input.includes(constant.name));
  return `a constant of ${reader?.opType ?? 'nothing'} ${reader?.name ?? ''}`;
}

function relative(a: Float32Array, b: Float32Array): number {
  const mean = b.reduce((sum, value) => sum + value, 0) / b.length;
  const spread = Math.max(...b.map((value) => Math.abs(value - mean)));
  return Math.max(...b.map((value, i) => Math.abs(value - (a[i] ?? NaN)))) / spread;
}

it(
  `${count} changed models are right or refused`,
  async () => {
    const outcomes = { same: 0, refused: 0 };
    const wrong: string[] = [];
    for (let seed = 1; seed <= count; seed++) {
      const random = seededRandom(seed);
      const { bytes, inputDims } = buildVit({ blocks: 1, ...models[seed % models.length] });
      let change = '';
      const changed = editModel(bytes, (graph) => (change = mutate(graph, random)));
      const file = path.join(folder, 'changed.onnx');
      await writeFile(file, changed);
      try {
        const { bytes: canonical } = await canonicalise(file);
        const pixels = picture(inputDims, seed);
        const expected = await runModel(changed, pixels, inputDims, 'logits', 'disabled');
        const given = await runModel(canonical, pixels, inputDims, 'logits', 'disabled');
        if (relative(given, expected) < 1e-3) outcomes.same++;
        else wrong.push(`${seed}: ${change}: ${relative(given, expected)}`);
      } catch (error) {
        if (!(error instanceof EngineError)) wrong.push(`${seed}: ${change}: ${String(error)}`);
        outcomes.refused++;
      }
    }
    expect(wrong).toEqual([]);
    expect(outcomes.same).toBeGreaterThan(0);
    expect(outcomes.refused).toBeGreaterThan(0);
  },
  20_000 + 5000 * count,
);
