/** The forward model with every tensor that a method may want as a further output. */
import { create, toBinary } from '@bufbuild/protobuf';
import type { Graph } from '../onnx/graph';
import { ModelProtoSchema } from '../onnx/onnx_pb';
import { reshaping } from './tape';

/** Names of the tensors that can leave the forward run. */
function tappable(graph: Graph, logits: string): string[] {
  const outputs = new Set(graph.outputs.map(({ name }) => name));
  return graph.nodes
    .filter(({ op, outputs: [first] }) => !reshaping.has(op) || first === logits)
    .flatMap((node) => node.outputs.filter((name) => name !== '' && !outputs.has(name)));
}

/** The model's bytes with outputs appended; protobuf messages merge when concatenated. */
export function forwardModel(graph: Graph, bytes: Uint8Array, logits: string): Uint8Array {
  const output = tappable(graph, logits).map((name) => ({ name }));
  const appended = toBinary(ModelProtoSchema, create(ModelProtoSchema, { graph: { output } }));
  return Buffer.concat([bytes, appended]);
}
