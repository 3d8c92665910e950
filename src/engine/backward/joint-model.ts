/**
 * Forward and attribution as one graph. Only logits and map leave it, so that nothing is handed
 * over between two runs and ONNX Runtime fuses the forward part as it would by itself: little more
 * than the plain forward pass.
 */
import { create } from '@bufbuild/protobuf';
import { ValueInfoProtoSchema } from '../onnx/onnx_pb';
import type { Constant } from '../onnx/constant';
import type { Graph } from '../onnx/graph';
import { encodePort } from '../onnx/encode';
import type { AttributionModel } from './attribution-model';
import type { ModelParts } from '../onnx/model-parts';

/**
 * @param attribution recorded over `graph`, in single precision
 * @param logits no output of the graph where it ends in probabilities
 * @returns undefined for a map that depends on more than the forward run: there the classes to
 *   explain are known only after it
 */
export function jointModel(
  graph: Graph,
  { parts, inputs }: AttributionModel,
  logits: string,
): ModelParts | undefined {
  if (inputs.length > 0) return undefined;
  const constants = new Map<string, Constant>(graph.constants);
  for (const constant of parts.constants) constants.set(constant.name, constant);
  const port = graph.outputs.find(({ name }) => name === logits);
  return {
    nodes: [...graph.nodes, ...parts.nodes],
    constants: constants.values(),
    inputs: graph.inputs.map(encodePort),
    outputs: [
      port ? encodePort(port) : create(ValueInfoProtoSchema, { name: logits }),
      ...parts.outputs,
    ],
    opsets: graph.opsets,
  };
}
