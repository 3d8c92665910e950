/** Half and double precision models in single precision. */
import { bringInside, liesBeside } from './external-tensor';
import { floatBytes, halfToNumber } from './tensor-bytes';
import { TensorProto_DataType as DataType } from './onnx_pb';
import type { GraphProto, TensorProto } from './onnx_pb';

const double: number = DataType.DOUBLE;
const bfloat16: number = DataType.BFLOAT16;

const otherFloats: ReadonlySet<number> = new Set([
  DataType.FLOAT16,
  DataType.BFLOAT16,
  DataType.DOUBLE,
]);

/**
 * Turns every float16, bfloat16 and float64 tensor of a graph into float32, in place: weights,
 * constants, casts, inputs and outputs. Widening is exact; the arithmetic is then float32 throughout.
 * @param folder where weights beside the model lie; those that are widened come into memory
 */
export function useFloat32(graph: GraphProto, folder: string): void {
  for (const tensor of graph.initializer) widen(tensor, folder);
  for (const node of graph.node) {
    for (const attribute of node.attribute) {
      if (attribute.t) widen(attribute.t, folder);
      if (node.opType === 'Cast' && attribute.name === 'to' && otherFloats.has(Number(attribute.i)))
        attribute.i = BigInt(DataType.FLOAT);
    }
  }
  for (const port of [...graph.input, ...graph.output]) {
    const type = port.type?.value;
    if (type?.case === 'tensorType' && otherFloats.has(type.value.elemType))
      type.value.elemType = DataType.FLOAT;
  }
}

function widen(tensor: TensorProto, folder: string): void {
  if (!otherFloats.has(tensor.dataType)) return;
  if (liesBeside(tensor)) bringInside(tensor, folder);
  tensor.rawData = floatBytes(values(tensor));
  tensor.dataType = DataType.FLOAT;
  tensor.int32Data = [];
  tensor.doubleData = [];
}

function values(tensor: TensorProto): Float32Array {
  const { rawData, dataType } = tensor;
  if (dataType === double) {
    if (rawData.byteLength === 0) return Float32Array.from(tensor.doubleData);
    return Float32Array.from(new Float64Array(rawData.slice().buffer));
  }
  const bits =
    rawData.byteLength === 0
      ? Uint16Array.from(tensor.int32Data)
      : new Uint16Array(rawData.slice().buffer);
  if (dataType === bfloat16)
    return new Float32Array(Uint32Array.from(bits, (half) => half << 16).buffer);
  return Float32Array.from(bits, (half) => halves()[half] ?? NaN);
}

let halfTable: Float32Array | undefined;

/** The value of each of the 65,536 half-precision numbers. */
function halves(): Float32Array {
  halfTable ??= Float32Array.from({ length: 65536 }, (_, bits) => halfToNumber(bits));
  return halfTable;
}
