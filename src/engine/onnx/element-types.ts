/** The element types that the engine reads, and their numbers in ONNX files. */
import type { ElementType } from './constant';
import { TensorProto_DataType as DataType } from './onnx_pb';

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

const elementTypes: readonly ElementType[] = [
  'float32',
  'float64',
  'int64',
  'int32',
  'bool',
  'uint8',
  'int8',
  'float16',
];

/** The element type with this number; undefined for one that the engine does not read. */
export function elementTypeOf(code: number | undefined): ElementType | undefined {
  return elementTypes.find((type) => dataTypes[type] === code);
}
