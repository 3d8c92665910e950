/**
 * The forward model with every tensor that a method may want as a further output. Outputs stay in
 * memory until the run is over, asked for or not, so what methods compute again is none.
 */
import { create } from '@bufbuild/protobuf';
import { encodePort } from '../onnx/encode';
import type { Graph } from '../onnx/graph';
import { ValueInfoProtoSchema } from '../onnx/onnx_pb';
import type { ModelParts } from '../onnx/model-parts';
import { leaving, type HandedOver } from './handed-over';

/**
 * @param graph what to run: the canonical graph, or the same in float64
 * @param canonical whose tensors can leave
 * @param further tensors that are asked for, whatever methods do
 */
export function forwardModel(
  graph: Graph,
  canonical: Graph,
  handedOver: HandedOver,
  further: readonly string[],
): ModelParts {
  const ports = new Map(graph.outputs.map((port) => [port.name, encodePort(port)]));
  const names = new Set([...ports.keys(), ...leaving(canonical, handedOver), ...further]);
  return {
    nodes: graph.nodes,
    constants: graph.constants.values(),
    inputs: graph.inputs.map(encodePort),
    // Types and shapes of the further outputs are inferred by ONNX Runtime.
    outputs: [...names].map((name) => ports.get(name) ?? create(ValueInfoProtoSchema, { name })),
    opsets: graph.opsets,
  };
}
