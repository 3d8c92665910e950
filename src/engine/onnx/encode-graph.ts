/** A whole graph as the bytes of an ONNX model. */
import { create, toBinary } from '@bufbuild/protobuf';
import { encodeConstant, encodeNode, encodePort, referConstant } from './encode';
import type { Graph } from './graph';
import { ModelProtoSchema } from './onnx_pb';

/** The file format version that belongs to the canonical opset. */
const irVersion = 9n;

/**
 * The graph as an ONNX model; everything in the graph is written, nothing else.
 * @param weights `beside` leaves stored constants in their file, see `referConstant`.
 */
export function encodeGraph(graph: Graph, weights: 'inside' | 'beside' = 'inside'): Uint8Array {
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
        initializer: [...graph.constants.values()].map(
          weights === 'inside' ? encodeConstant : referConstant,
        ),
        input: graph.inputs.map(encodePort),
        output: graph.outputs.map(encodePort),
      },
    }),
  );
}
