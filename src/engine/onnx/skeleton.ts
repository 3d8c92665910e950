/** An ONNX graph without its large weights: what its nodes are and how large everything is, in milliseconds. */
import { create, fromBinary } from '@bufbuild/protobuf';
import { FieldReader, type Field } from './field-reader';
import {
  AttributeProtoSchema,
  GraphProtoSchema,
  NodeProtoSchema,
  TensorProtoSchema,
  ValueInfoProtoSchema,
} from './onnx_pb';
import type { AttributeProto, GraphProto, NodeProto, TensorProto } from './onnx_pb';

/** Field numbers of the ONNX format. */
const graphOfModel = 7;
const ofGraph = { node: 1, initializer: 5, input: 11 };
const attributeOfNode = 5;
const tensorOfAttribute = 5;
/** Where the values of a tensor may stand: typed fields and raw data. */
const valuesOfTensor: ReadonlySet<number> = new Set([4, 5, 6, 7, 9, 10, 11]);

/** Means and deviations are small; weights are not read. */
const largestRead = 2 ** 12;

/**
 * Nodes, inputs and initializers of a model's graph; tensors over 4 KB have their shape but no values,
 * unless they have the shape of a picture.
 * @returns undefined for what is no ONNX model: whoever reads the model itself says so in better words
 */
export function readSkeleton(file: string): GraphProto | undefined {
  const reader = new FieldReader(file);
  try {
    const graph = create(GraphProtoSchema);
    for (const message of reader.fields(0, reader.size)) {
      if (message.number !== graphOfModel) continue;
      for (const field of reader.fields(message.from, message.to)) {
        if (field.number === ofGraph.node) graph.node.push(readNode(reader, field));
        else if (field.number === ofGraph.initializer)
          graph.initializer.push(readTensor(reader, field));
        else if (field.number === ofGraph.input)
          graph.input.push(fromBinary(ValueInfoProtoSchema, reader.bytes(field.from, field.to)));
      }
    }
    return graph;
  } catch {
    return undefined;
  } finally {
    reader.close();
  }
}

function readNode(reader: FieldReader, field: Field): NodeProto {
  if (field.to - field.from <= largestRead)
    return fromBinary(NodeProtoSchema, reader.bytes(field.from, field.to));
  const node = fromBinary(
    NodeProtoSchema,
    without(reader, field, (n) => n === attributeOfNode),
  );
  for (const part of reader.fields(field.from, field.to))
    if (part.number === attributeOfNode) node.attribute.push(readAttribute(reader, part));
  return node;
}

function readAttribute(reader: FieldReader, field: Field): AttributeProto {
  const isTensor = (number: number) => number === tensorOfAttribute;
  const attribute = fromBinary(AttributeProtoSchema, without(reader, field, isTensor));
  for (const part of reader.fields(field.from, field.to))
    if (isTensor(part.number)) attribute.t = readTensor(reader, part);
  return attribute;
}

function readTensor(reader: FieldReader, field: Field): TensorProto {
  const read = (isLeftOut: (number: number) => boolean) =>
    fromBinary(TensorProtoSchema, without(reader, field, isLeftOut));
  if (field.to - field.from <= largestRead) return read(() => false);
  const tensor = read((number) => valuesOfTensor.has(number));
  return isMeanPicture(tensor) ? read(() => false) : tensor;
}

/** A mean or deviation for every pixel, as large as the picture: `[1, 3, H, W]`, or the channels last. */
function isMeanPicture({ dims }: TensorProto): boolean {
  const [first, ...rest] = dims.length === 4 && dims[0] === 1n ? dims.slice(1) : dims;
  return rest.length === 2 && (first === 3n || (rest[1] === 3n && first !== 1n));
}

/** The bytes of a message without some of its fields. */
function without(
  reader: FieldReader,
  { from, to }: Field,
  isLeftOut: (number: number) => boolean,
): Uint8Array {
  const parts: Buffer[] = [];
  for (const part of reader.fields(from, to))
    if (!isLeftOut(part.number)) parts.push(reader.bytes(part.start, part.to));
  return Buffer.concat(parts);
}
