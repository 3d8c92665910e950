/** Graph parts to protobuf messages. */
import { create } from '@bufbuild/protobuf';
import { attributeType } from '../ops/attributes';
import type { AttributeType, AttributeValue } from '../ops/attributes';
import { dataTypes } from './element-types';
import type { Constant } from './constant';
import { lieAt } from './external-tensor';
import type { GraphNode, Port } from './graph';
import {
  AttributeProto_AttributeType as ProtoType,
  AttributeProtoSchema,
  NodeProtoSchema,
  TensorProtoSchema,
  ValueInfoProtoSchema,
} from './onnx_pb';
import type { AttributeProto, NodeProto, TensorProto, ValueInfoProto } from './onnx_pb';

const utf8 = new TextEncoder();

/** A constant with its bytes, for a model that stands alone. */
export function encodeConstant(constant: Constant): TensorProto {
  return create(TensorProtoSchema, { ...described(constant), rawData: constant.data });
}

/**
 * A constant that stays in its file if it is stored: ONNX Runtime maps the file into memory. A
 * session of such a model needs `weightsOption`.
 */
export function referConstant(constant: Constant): TensorProto {
  if (!constant.stored) return encodeConstant(constant);
  const { file, offset, length } = constant.stored;
  const tensor = create(TensorProtoSchema, described(constant));
  lieAt(tensor, { location: file, offset, length });
  return tensor;
}

function described({ name, dims, type }: Constant) {
  return { name, dims: dims.map(BigInt), dataType: dataTypes[type] };
}

export function encodeNode(node: GraphNode): NodeProto {
  const dot = node.op.lastIndexOf('.');
  return create(NodeProtoSchema, {
    name: node.name,
    opType: node.op.slice(dot + 1),
    domain: node.op.slice(0, Math.max(0, dot)),
    input: [...node.inputs],
    output: [...node.outputs],
    attribute: Object.entries(node.attributes).flatMap(([name, value]) =>
      value === undefined ? [] : [encodeAttribute(name, value)],
    ),
  });
}

export function encodePort(port: Port): ValueInfoProto {
  return create(ValueInfoProtoSchema, {
    name: port.name,
    type: {
      value: {
        case: 'tensorType',
        value: {
          elemType: dataTypes[port.type],
          shape: {
            dim: port.dims.map((dim) => ({
              value: { case: 'dimValue' as const, value: BigInt(dim) },
            })),
          },
        },
      },
    },
  });
}

function encodeAttribute(name: string, value: AttributeValue): AttributeProto {
  const type = attributeType(name) ?? likelyType(value);
  if (typeof value === 'number') {
    return type === 'float'
      ? create(AttributeProtoSchema, { name, type: ProtoType.FLOAT, f: value })
      : create(AttributeProtoSchema, { name, type: ProtoType.INT, i: BigInt(value) });
  }
  if (typeof value === 'string')
    return create(AttributeProtoSchema, { name, type: ProtoType.STRING, s: utf8.encode(value) });
  if (isConstant(value)) {
    const t = encodeConstant(value);
    return create(AttributeProtoSchema, { name, type: ProtoType.TENSOR, t });
  }
  const numbers = value.filter((item) => typeof item === 'number');
  switch (type) {
    case 'strings': {
      const strings = value.map((item) => utf8.encode(String(item)));
      return create(AttributeProtoSchema, { name, type: ProtoType.STRINGS, strings });
    }
    case 'floats':
      return create(AttributeProtoSchema, { name, type: ProtoType.FLOATS, floats: numbers });
    default:
      return create(AttributeProtoSchema, {
        name,
        type: ProtoType.INTS,
        ints: numbers.map(BigInt),
      });
  }
}

/** Of an attribute whose name is not known; a number in memory does not tell 1 from 1.0. */
function likelyType(value: AttributeValue): AttributeType {
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float';
  if (typeof value === 'string') return 'string';
  if (isConstant(value)) return 'tensor';
  if (value.some((item) => typeof item === 'string')) return 'strings';
  return value.every((item) => Number.isInteger(item)) ? 'ints' : 'floats';
}

function isConstant(value: AttributeValue): value is Constant {
  return typeof value === 'object' && !Array.isArray(value);
}
