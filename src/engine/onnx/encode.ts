/** Graph parts to protobuf messages. */
import { create } from '@bufbuild/protobuf';
import type { AttributeValue, Constant, ElementType, GraphNode, Port } from './graph';
import {
  AttributeProto_AttributeType as AttributeType,
  AttributeProtoSchema,
  NodeProtoSchema,
  TensorProto_DataLocation as DataLocation,
  TensorProto_DataType as DataType,
  TensorProtoSchema,
  ValueInfoProtoSchema,
} from './onnx_pb';
import type { AttributeProto, NodeProto, TensorProto, ValueInfoProto } from './onnx_pb';

const utf8 = new TextEncoder();

export const dataTypes: Readonly<Record<ElementType, DataType>> = {
  float32: DataType.FLOAT,
  float64: DataType.DOUBLE,
  int64: DataType.INT64,
  int32: DataType.INT32,
  bool: DataType.BOOL,
  uint8: DataType.UINT8,
  int8: DataType.INT8,
  float16: DataType.FLOAT16,
};

/**
 * Attributes that are floats by the operator's definition. A number in memory does not tell 1 from
 * 1.0, and ONNX Runtime rejects an attribute of the wrong kind.
 */
const floatAttributes: ReadonlySet<string> = new Set([
  'alpha',
  'beta',
  'bias',
  'cubic_coeff_a',
  'epsilon',
  'extrapolation_value',
  'gamma',
  'lambd',
  'momentum',
  'scale',
  'softcap',
  'value_float',
  'value_floats',
]);

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
  return create(TensorProtoSchema, {
    ...described(constant),
    dataLocation: DataLocation.EXTERNAL,
    externalData: Object.entries({ location: file, offset, length }).map(([key, value]) => ({
      key,
      value: String(value),
    })),
  });
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
    attribute: Object.entries(node.attributes).map(([name, value]) => encodeAttribute(name, value)),
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
  const isFloat = floatAttributes.has(name);
  if (typeof value === 'number') {
    return isFloat
      ? create(AttributeProtoSchema, { name, type: AttributeType.FLOAT, f: value })
      : create(AttributeProtoSchema, { name, type: AttributeType.INT, i: BigInt(value) });
  }
  if (typeof value === 'string') {
    return create(AttributeProtoSchema, {
      name,
      type: AttributeType.STRING,
      s: utf8.encode(value),
    });
  }
  if (isConstant(value)) {
    return create(AttributeProtoSchema, {
      name,
      type: AttributeType.TENSOR,
      t: encodeConstant(value),
    });
  }
  const strings = value.filter((item) => typeof item === 'string');
  if (strings.length > 0) {
    return create(AttributeProtoSchema, {
      name,
      type: AttributeType.STRINGS,
      strings: strings.map((item) => utf8.encode(item)),
    });
  }
  const numbers = value.filter((item) => typeof item === 'number');
  return isFloat
    ? create(AttributeProtoSchema, { name, type: AttributeType.FLOATS, floats: numbers })
    : create(AttributeProtoSchema, { name, type: AttributeType.INTS, ints: numbers.map(BigInt) });
}

function isConstant(value: Exclude<AttributeValue, number | string>): value is Constant {
  return !Array.isArray(value);
}
