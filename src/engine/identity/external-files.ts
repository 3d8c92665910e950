/**
 * Which files an ONNX model keeps weights in, without reading any: the protobuf messages are walked
 * through by the lengths that stand before their fields.
 */
import path, { type PlatformPath } from 'node:path';
import { inside } from '../files/inside';
import { FieldReader, type Field } from '../onnx/field-reader';

/** Field numbers of the ONNX format. */
const graphOfModel = 7;
const initializerOfGraph = 5;
const externalDataOfTensor = 13;
const dataLocationOfTensor = 14;
const keyOfEntry = 1;
const valueOfEntry = 2;
/** `TensorProto.DataLocation.EXTERNAL` */
const external = 1;

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
      for (const tensor of reader.fields(graph.from, graph.to)) {
        if (tensor.number === initializerOfGraph) {
          const place = placeOf(reader, tensor);
          if (place !== undefined) places.add(place);
        }
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

/** Where a tensor's bytes lie, if not in the model; of fields that are there twice the last one counts. */
function placeOf(reader: FieldReader, tensor: Field): string | undefined {
  let isExternal = false;
  let place: string | undefined;
  for (const field of reader.fields(tensor.from, tensor.to)) {
    if (field.number === dataLocationOfTensor) isExternal = reader.number(field) === external;
    if (field.number !== externalDataOfTensor) continue;
    const [key, value] = [keyOfEntry, valueOfEntry].map((number) =>
      [...reader.fields(field.from, field.to)].findLast((part) => part.number === number),
    );
    if (key && reader.text(key) === 'location') place = value ? reader.text(value) : '';
  }
  return isExternal ? place : undefined;
}

/** Whether a place that a model states is that of a file in its own folder, or below it. */
export function liesInside(folder: string, place: string, flavour: PlatformPath = path): boolean {
  return (
    !flavour.isAbsolute(place) &&
    inside(folder, flavour.resolve(folder, place), flavour) !== undefined
  );
}
