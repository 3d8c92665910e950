/** The seed that a graph computes is the seed that we compute. */
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { bestClassSeed } from '../../src/engine/methods/best-class-seed';
import { seedFor } from '../../src/engine/methods/seed';
import { encodeGraph } from '../../src/engine/onnx/encode-graph';
import type { Graph } from '../../src/engine/onnx/graph';
import { GraphBuilder } from '../../src/engine/onnx/graph-builder';
import { ranking } from '../../src/engine/outputs/probabilities';
import { outputKinds, type OutputKind } from '../../src/shared/output-kind';

const kinds = outputKinds.map((kind) => [kind] as const);

async function inGraph(
  outputs: readonly number[],
  kind: OutputKind,
  seed: 'logit' | 'probability',
  dims: readonly number[] = [1, outputs.length],
): Promise<Float32Array> {
  const port = { name: 'numbers', type: 'float32' as const, dims };
  const graph: Graph = {
    nodes: [],
    constants: new Map(),
    inputs: [port],
    outputs: [],
    shapes: new Map([[port.name, dims]]),
    opsets: new Map([['', 20]]),
  };
  const builder = new GraphBuilder(graph);
  const name = bestClassSeed(builder, port.name, kind, seed);
  const { nodes, constants } = builder;
  const result = { name, type: 'float32' as const, dims: builder.shapeOf(name) };
  const session = await InferenceSession.create(
    encodeGraph({ ...graph, nodes, constants, outputs: [result] }),
    { logSeverityLevel: 3 },
  );
  try {
    const feeds = { [port.name]: new Tensor('float32', Float32Array.from(outputs), dims) };
    const tensor = (await session.run(feeds))[name];
    expect(tensor?.dims).toEqual([1, outputs.length]);
    return Float32Array.from(tensor?.data as Float32Array);
  } finally {
    await session.release();
  }
}

function bySeedFor(
  values: readonly number[],
  kind: OutputKind,
  seed: 'logit' | 'probability',
): Float32Array {
  const outputs = Float32Array.from(values);
  return seedFor(seed, kind, outputs, ranking(outputs, kind).slice(0, 1));
}

describe.each(kinds)('of %s', (kind) => {
  const cases: Readonly<Record<string, readonly number[]>> =
    kind === 'probability'
      ? { several: [0.1, 0.6, 0.3], tied: [0.2, 0.4, 0.4], one: [0.7] }
      : {
          several: [0.5, -2, 3.25, 3, 0],
          tied: [1, 4, 4, 0],
          below: [-3, -1, -2],
          // In float32 the others' probabilities are all that tells 1 − p from 0.
          certain: [0, 40, 22, -5],
          one: [2.5],
        };

  it.each(Object.entries(cases))('the best class: %s', async (_, values) => {
    for (const seed of ['logit', 'probability'] as const) {
      const [found, expected] = [await inGraph(values, kind, seed), bySeedFor(values, kind, seed)];
      for (const [i, value] of expected.entries()) {
        const allowed = Math.abs(value) * 1e-7;
        expect(Math.abs((found[i] ?? NaN) - value), `${seed}, ${i}`).toBeLessThanOrEqual(allowed);
      }
    }
  });
});

it('whatever shape the numbers have', async () => {
  const values = [0.5, 3, 1];
  const expected = bySeedFor(values, 'softmax', 'logit');
  expect(await inGraph(values, 'softmax', 'logit', [3])).toEqual(expected);
  expect(await inGraph(values, 'softmax', 'logit', [1, 1, 3])).toEqual(expected);
});
