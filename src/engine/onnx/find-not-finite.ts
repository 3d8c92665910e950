/** Runs a model with every tensor on the way as an output, and looks where numbers end. */
import { create, toBinary } from '@bufbuild/protobuf';
import type { NotFinite } from '../not-finite';
import { notFiniteAmong } from '../not-finite';
import { decodeNode } from './decode';
import type { GraphNode } from './graph';
import type { ModelResults } from './model-process';
import { ModelProtoSchema } from './onnx_pb';
import { parseModel } from './read-model';

export interface FoundNotFinite {
  readonly node: GraphNode;
  readonly kind: NotFinite;
}

/**
 * The first node, in the order of the graph, that gives NaN or +∞, or else −∞: a mask adds −∞ on
 * purpose, long before anything goes wrong.
 * @param run runs the model that it is given, on the picture in question
 */
export async function findNotFinite(
  model: Uint8Array,
  run: (model: Uint8Array) => Promise<ModelResults>,
): Promise<FoundNotFinite | undefined> {
  const { graph } = parseModel(model, '');
  const leaving = new Set(['', ...graph.output.map(({ name }) => name)]);
  const output = graph.node
    .flatMap((node) => node.output.filter((name) => !leaving.has(name)))
    .map((name) => ({ name }));
  const taps = toBinary(ModelProtoSchema, create(ModelProtoSchema, { graph: { output } }));
  // Messages merge when concatenated.
  const [tensors = {}] = await run(Buffer.concat([model, taps]));
  let masked: FoundNotFinite | undefined;
  for (const node of graph.node.map(decodeNode)) {
    for (const name of node.outputs) {
      const { data, type } = tensors[name] ?? {};
      if (type !== 'float32' && type !== 'float64') continue;
      const values = data as Float32Array;
      if (notFiniteAmong(values) === undefined) continue;
      if (values.some(Number.isNaN)) return { node, kind: 'NaN' };
      if (values.includes(Infinity)) return { node, kind: 'infinity' };
      masked ??= { node, kind: 'infinity' };
    }
  }
  return masked;
}
