/** Runs a tail on numbers of all sizes, apart from the model: what it computes shows in its values. */
import { create } from '@bufbuild/protobuf';
import { Tensor } from 'onnxruntime-node';
import { modelBytes } from '../onnx/model-parts';
import { seededRandom } from '../../shared/random';
import { encodePort } from '../onnx/encode';
import type { Graph } from '../onnx/graph';
import { openSession } from '../onnx/open-session';
import { ValueInfoProtoSchema } from '../onnx/onnx_pb';
import { storedFolder, weightsOption } from '../onnx/stored-weights';
import { sizeOf } from '../onnx/tensor-bytes';
import { tensorsOf, type Tail } from './tail';

const runs = 12;
/** Logits of trained models are about as large. */
const spread = 3;

/** The values of each float32 tensor of a tail in each run. */
export type TailValues = ReadonlyMap<string, readonly Float32Array[]>;

export async function runTail(graph: Graph, tail: Tail): Promise<TailValues> {
  const read = new Set(tail.nodes.flatMap(({ inputs }) => inputs));
  const names = tensorsOf(tail);
  const inputs = tail.entries.map((name) => ({
    name,
    type: 'float32' as const,
    dims: graph.shapes.get(name) ?? [],
  }));
  const model = modelBytes({
    nodes: tail.nodes,
    constants: [...graph.constants.values()].filter(({ name }) => read.has(name)),
    inputs: inputs.map(encodePort),
    // Their types are inferred by ONNX Runtime.
    outputs: names.slice(inputs.length).map((name) => create(ValueInfoProtoSchema, { name })),
    opsets: graph.opsets,
  });
  const session = await openSession(model, {
    graphOptimizationLevel: 'disabled',
    logSeverityLevel: 3,
    ...weightsOption(storedFolder(graph)),
  });
  const values = new Map<string, Float32Array[]>(names.map((name) => [name, []]));
  const random = seededRandom(1);
  try {
    for (let run = 0; run < runs; run++) {
      const feeds: Record<string, Tensor> = {};
      for (const { name, dims } of inputs) {
        const data = Float32Array.from({ length: sizeOf(dims) }, () => spread * normal(random));
        feeds[name] = new Tensor('float32', data, dims);
        values.get(name)?.push(data);
      }
      for (const [name, { data }] of Object.entries(await session.run(feeds)))
        if (data instanceof Float32Array) values.get(name)?.push(Float32Array.from(data));
    }
  } finally {
    await session.release();
  }
  return new Map([...values].filter(([, all]) => all.length === runs));
}

/** Box–Muller. */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
