/** The forward model with every tensor that a method may want as a further output. */
import { create } from '@bufbuild/protobuf';
import { encodePort } from '../onnx/encode';
import type { Graph } from '../onnx/graph';
import { ValueInfoProtoSchema } from '../onnx/onnx_pb';
import type { ModelParts } from '../onnx/model-parts';
import { operatorOf } from '../ops/catalogue';

/**
 * @param graph what to run: the canonical graph, or the same in float64
 * @param canonical whose tensors can leave
 */
export function forwardModel(graph: Graph, canonical: Graph, logits: string): ModelParts {
  const ports = new Map(graph.outputs.map((port) => [port.name, encodePort(port)]));
  const names = new Set([...ports.keys(), ...tappable(canonical, logits)]);
  return {
    nodes: graph.nodes,
    constants: graph.constants.values(),
    inputs: graph.inputs.map(encodePort),
    // Types and shapes of the further outputs are inferred by ONNX Runtime.
    outputs: [...names].map((name) => ports.get(name) ?? create(ValueInfoProtoSchema, { name })),
    opsets: graph.opsets,
  };
}

/** Tensors that are not merely another one in another shape, and the logits. */
function tappable(graph: Graph, logits: string): string[] {
  return graph.nodes
    .filter(({ op, outputs: [first] }) => operatorOf(op).kind !== 'view' || first === logits)
    .flatMap((node) => node.outputs.filter((name) => name !== ''));
}
