/** Models made of a graph's parts. */
import { create, toBinary } from '@bufbuild/protobuf';
import { encodeConstant, encodeNode, referConstant } from './encode';
import type { Constant } from './constant';
import type { GraphNode } from './graph';
import { ModelProtoSchema } from './onnx_pb';
import type { ValueInfoProto } from './onnx_pb';

/** The file format version that belongs to the canonical opset. */
const irVersion = 9n;

export interface ModelParts {
  readonly nodes: readonly GraphNode[];
  readonly constants: Iterable<Constant>;
  readonly inputs: readonly ValueInfoProto[];
  readonly outputs: readonly ValueInfoProto[];
  readonly opsets: ReadonlyMap<string, number>;
}

/**
 * The parts as an ONNX model.
 * @param weights `beside` leaves stored constants in their file: a session needs `weightsOption`
 */
export function modelBytes(parts: ModelParts, weights: 'inside' | 'beside' = 'beside'): Uint8Array {
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
        initializer: [...parts.constants].map(
          weights === 'inside' ? encodeConstant : referConstant,
        ),
        input: [...parts.inputs],
        output: [...parts.outputs],
      },
    }),
  );
}
