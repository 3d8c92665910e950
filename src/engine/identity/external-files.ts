/**
 * Which files an ONNX model keeps weights in, without reading any: the protobuf messages are walked
 * through by the lengths that stand before their fields.
 */
import { fromBinary } from '@bufbuild/protobuf';
import { FieldReader, type Field } from '../onnx/field-reader';
import { TensorProto_DataLocation as DataLocation, TensorProtoSchema } from '../onnx/onnx_pb';

/** Field numbers of the ONNX format. */
const graphOfModel = 7;
const initializerOfGraph = 5;
const rawDataOfTensor = 9;

/** More than any tensor's name, shape and place take; typed numbers stand in place of raw ones. */
const largestDescription = 2 ** 16;

/**
 * @returns their places as the model states them, sorted; none for what is no ONNX model
 * @throws what the file system says
 */
export function externalFilesOf(file: string): readonly string[] {
  const reader = new FieldReader(file);
  const places = new Set<string>();
  try {
    for (const graph of reader.fields(0, reader.size)) {
      if (graph.number !== graphOfModel) continue;
      for (const tensor of reader.fields(graph.from, graph.to))
        if (tensor.number === initializerOfGraph) {
          const place = placeOf(reader, tensor);
          if (place !== undefined) places.add(place);
        }
    }
  } catch (error) {
    // Whoever reads the model itself says in better words that it is none.
    if (isSystemError(error)) throw error;
  } finally {
    reader.close();
  }
  return [...places].sort();
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}

function placeOf(reader: FieldReader, tensor: Field): string | undefined {
  const parts: Buffer[] = [];
  let length = 0;
  for (const { number, start, to } of reader.fields(tensor.from, tensor.to)) {
    if (number === rawDataOfTensor) continue;
    length += to - start;
    if (length > largestDescription) return undefined;
    parts.push(reader.bytes(start, to));
  }
  const { dataLocation, externalData } = fromBinary(TensorProtoSchema, Buffer.concat(parts));
  if (dataLocation !== DataLocation.EXTERNAL) return undefined;
  return externalData.findLast(({ key }) => key === 'location')?.value;
}
