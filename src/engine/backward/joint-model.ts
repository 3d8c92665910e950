/**
 * Forward and attribution as one graph. Only logits and map leave it, so that nothing is handed
 * over between two runs and ONNX Runtime fuses the forward part as it would by itself: little more
 * than the plain forward pass.
 */
import { create } from '@bufbuild/protobuf';
import { ValueInfoProtoSchema } from '../onnx/onnx_pb';
import type { Constant } from '../onnx/constant';
import type { Graph, GraphNode } from '../onnx/graph';
import { encodePort } from '../onnx/encode';
import type { GraphBuilder } from '../onnx/graph-builder';
import type { AttributionModel } from './attribution-model';
import type { ModelParts } from '../onnx/model-parts';

/** What stands in the attribution's own inputs, computed from the forward run. */
export interface Between {
  /** By input the tensor that it is. */
  readonly own: ReadonlyMap<string, string>;
  /** What computes these tensors. */
  readonly builder: Pick<GraphBuilder, 'nodes' | 'constants'>;
}

/**
 * @param graph the forward run
 * @param logits no output of the graph where it ends in probabilities
 */
export function jointModel(
  graph: Graph,
  { parts }: AttributionModel,
  { own, builder }: Between,
  logits: string,
): ModelParts {
  const constants = new Map<string, Constant>([...graph.constants, ...builder.constants]);
  for (const constant of parts.constants) constants.set(constant.name, constant);
  const named = [...own].map(([input, tensor]): GraphNode => ({
    name: `${input}/is`,
    op: 'Identity',
    inputs: [tensor],
    outputs: [input],
    attributes: {},
  }));
  const port = graph.outputs.find(({ name }) => name === logits);
  return {
    nodes: [...graph.nodes, ...builder.nodes, ...named, ...parts.nodes],
    constants: constants.values(),
    inputs: graph.inputs.map(encodePort),
    outputs: [
      port ? encodePort(port) : create(ValueInfoProtoSchema, { name: logits }),
      ...parts.outputs,
    ],
    opsets: graph.opsets,
  };
}
