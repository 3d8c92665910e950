/** Models made of a graph's parts: large weights stay in the file beside the canonical model. */
import { create, toBinary } from '@bufbuild/protobuf';
import { encodeNode, referConstant } from '../onnx/encode';
import type { Constant, GraphNode } from '../onnx/graph';
import { ModelProtoSchema } from '../onnx/onnx_pb';
import type { ValueInfoProto } from '../onnx/onnx_pb';

/** ONNX file format version, as the canonical graph has it. */
const irVersion = 9n;

export interface ModelParts {
  readonly nodes: readonly GraphNode[];
  readonly constants: Iterable<Constant>;
  readonly inputs: readonly ValueInfoProto[];
  readonly outputs: readonly ValueInfoProto[];
  readonly opsets: ReadonlyMap<string, number>;
}

/** The parts as an ONNX model; a session of it needs `weightsOption`. */
export function modelBytes(parts: ModelParts): Uint8Array {
  return toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, {
      irVersion,
      producerName: 'vit-explainer',
      opsetImport: [...parts.opsets].map(([domain, version]) => ({
        domain,
        version: BigInt(version),
      })),
      graph: {
        name: 'vit',
        node: parts.nodes.map(encodeNode),
        initializer: [...parts.constants].map(referConstant),
        input: [...parts.inputs],
        output: [...parts.outputs],
      },
    }),
  );
}
