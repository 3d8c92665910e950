/** Protobuf messages to graph parts. Large weights stay views into the file's bytes. */
import { EngineError } from '../engine-error';
import { attributeType } from '../ops/attributes';
import type { AttributeType, AttributeValue } from '../ops/attributes';
import { isKnown } from '../ops/catalogue';
import { elementTypeOf } from './element-types';
import type { Constant, ElementType } from './constant';
import { liesBeside, placeOf } from './external-tensor';
import type { GraphNode, Port } from './graph';
import {
  AttributeProto_AttributeType as ProtoType,
  TensorProto_DataType as DataType,
} from './onnx_pb';
import type { AttributeProto, GraphProto, NodeProto, TensorProto, ValueInfoProto } from './onnx_pb';
import { storedConstant } from './stored-weights';
import { constantBytes, floatBytes, int64Bytes } from './tensor-bytes';

const utf8 = new TextDecoder();

/** @throws EngineError `model-unknown-op` for an element type that the engine does not read. */
export function elementType(code: number, name: string): ElementType {
  const type = elementTypeOf(code);
  if (type) return type;
  const label = DataType[code] ?? `number ${code}`;
  throw new EngineError(
    'model-unknown-op',
    `The tensor “${name}” has the element type ${label.toLowerCase()}, which is not supported.`,
    'Export the model with float32 weights.',
  );
}

/**
 * A tensor of the file as a constant.
 * @param folder where weights beside the model lie; they are not read yet.
 * @throws EngineError `model-unreadable` if its bytes do not match its shape.
 */
export function decodeTensor(tensor: TensorProto, folder?: string): Constant {
  const { name } = tensor;
  const dims = tensor.dims.map(Number);
  const type = elementType(tensor.dataType, name);
  if (folder !== undefined && liesBeside(tensor)) {
    const stored = placeOf(tensor, folder);
    checkLength({ name, type, dims }, stored.length);
    return storedConstant(name, type, dims, stored);
  }
  const data = tensor.rawData.byteLength > 0 ? tensor.rawData : typedData(tensor, type);
  checkLength({ name, type, dims }, data.byteLength);
  return { name, type, dims, data };
}

function checkLength(tensor: Omit<Constant, 'data'>, length: number): void {
  const { name, dims } = tensor;
  const expected = constantBytes(tensor);
  if (length === expected && dims.every((dim) => dim >= 0)) return;
  throw new EngineError(
    'model-unreadable',
    `The weight “${name}” should take ${expected} bytes for its shape [${dims.join(', ')}] ` +
      `but has ${length}; the file is damaged.`,
    'Download or export the model again.',
  );
}

/** The bytes of a tensor whose values stand in a typed field rather than in `raw_data`. */
function typedData(tensor: TensorProto, type: ElementType): Uint8Array {
  switch (type) {
    case 'float32':
      return floatBytes(tensor.floatData);
    case 'float64':
      return new Uint8Array(Float64Array.from(tensor.doubleData).buffer);
    case 'int64':
      return int64Bytes(tensor.int64Data.map(Number));
    case 'int32':
      return new Uint8Array(Int32Array.from(tensor.int32Data).buffer);
    case 'float16':
      return new Uint8Array(Uint16Array.from(tensor.int32Data).buffer);
    case 'bool':
    case 'uint8':
    case 'int8':
      return Uint8Array.from(tensor.int32Data);
  }
}

/**
 * @throws EngineError `model-unknown-op` for control flow (If, Loop, Scan), `model-unreadable` for an
 * attribute of another type than its name has.
 */
export function decodeNode(node: NodeProto): GraphNode {
  const domain = node.domain === 'ai.onnx' ? '' : node.domain;
  const op = domain === '' ? node.opType : `${domain}.${node.opType}`;
  const attributes: Record<string, AttributeValue> = {};
  for (const attribute of node.attribute) {
    const [type, value] = decodeAttribute(attribute, op, node.name);
    const expected = (isKnown(op) ? attributeType(attribute.name) : undefined) ?? type;
    if (type !== expected) {
      throw new EngineError(
        'model-unreadable',
        `The attribute “${attribute.name}” of the node “${node.name}” (${op}) holds ${inWords[type]} ` +
          `where the operator takes ${inWords[expected]}; the file is damaged.`,
        'Download or export the model again.',
      );
    }
    attributes[attribute.name] = value;
  }
  return { name: node.name, op, inputs: node.input, outputs: node.output, attributes };
}

const inWords: Readonly<Record<AttributeType, string>> = {
  int: 'a whole number',
  float: 'a decimal number',
  string: 'a text',
  ints: 'a list of whole numbers',
  floats: 'a list of decimal numbers',
  strings: 'a list of texts',
  tensor: 'a tensor',
};

function decodeAttribute(
  attribute: AttributeProto,
  op: string,
  nodeName: string,
): [AttributeType, AttributeValue] {
  switch (attribute.type) {
    case ProtoType.FLOAT:
      return ['float', attribute.f];
    case ProtoType.INT:
      return ['int', Number(attribute.i)];
    case ProtoType.STRING:
      return ['string', utf8.decode(attribute.s)];
    case ProtoType.FLOATS:
      return ['floats', attribute.floats];
    case ProtoType.INTS:
      return ['ints', attribute.ints.map(Number)];
    case ProtoType.STRINGS:
      return ['strings', attribute.strings.map((bytes) => utf8.decode(bytes))];
    case ProtoType.TENSOR:
      if (attribute.t) return ['tensor', decodeTensor(attribute.t)];
  }
  throw new EngineError(
    'model-unknown-op',
    `The node “${nodeName}” (${op}) holds control flow or another part that cannot be explained ` +
      `(attribute “${attribute.name}”).`,
    'Export the model without control flow, for example traced instead of scripted.',
  );
}

/** @throws EngineError `model-unreadable` if the tensor has no shape or a dimension is not fixed. */
export function decodePort(info: ValueInfoProto): Port {
  const type = info.type?.value;
  if (type?.case !== 'tensorType') {
    throw new EngineError(
      'model-unreadable',
      `“${info.name}” enters or leaves the model but is not a plain tensor.`,
      'Export the model with tensors only.',
    );
  }
  const dims = (type.value.shape?.dim ?? []).map(({ value }) =>
    value.case === 'dimValue' ? Number(value.value) : -1,
  );
  return { name: info.name, type: elementType(type.value.elemType, info.name), dims };
}

/** The constants of a graph by name; `folder` as in `decodeTensor`. */
export function decodeConstants(graph: GraphProto, folder?: string): Map<string, Constant> {
  return new Map(graph.initializer.map((tensor) => [tensor.name, decodeTensor(tensor, folder)]));
}
