/** A whole graph as the bytes of an ONNX model. */
import { create, toBinary } from '@bufbuild/protobuf';
import { encodeConstant, encodeNode, encodePort } from './encode';
import type { Graph } from './graph';
import { ModelProtoSchema } from './onnx_pb';

/** The file format version that belongs to the canonical opset. */
const irVersion = 9n;

/** The graph as an ONNX model; everything in the graph is written, nothing else. */
export function encodeGraph(graph: Graph): Uint8Array {
  return toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, {
      irVersion,
      producerName: 'vit-explainer',
      opsetImport: [...graph.opsets].map(([domain, version]) => ({
        domain,
        version: BigInt(version),
      })),
      graph: {
        name: 'canonical',
        node: graph.nodes.map(encodeNode),
        initializer: [...graph.constants.values()].map(encodeConstant),
        input: graph.inputs.map(encodePort),
        output: graph.outputs.map(encodePort),
      },
    }),
  );
}
