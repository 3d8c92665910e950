/** Tensors whose bytes lie in a file beside the model. */
import { create } from '@bufbuild/protobuf';
import type { StoredBytes } from './constant';
import {
  StringStringEntryProtoSchema,
  TensorProto_DataLocation as DataLocation,
  type TensorProto,
} from './onnx_pb';
import { readStored } from './stored-bytes';

/** Whether a tensor's bytes lie in another file. */
export function liesBeside({ dataLocation }: TensorProto): boolean {
  return dataLocation === DataLocation.EXTERNAL;
}

/** Says of a tensor where its bytes lie. @param place in a file, in the model's folder or below it */
export function lieAt(
  tensor: TensorProto,
  place: { readonly location: string; readonly offset: number; readonly length: number },
): void {
  tensor.dataLocation = DataLocation.EXTERNAL;
  tensor.externalData = Object.entries(place).map(([key, value]) =>
    create(StringStringEntryProtoSchema, { key, value: String(value) }),
  );
}

/** Of a tensor that lies beside the model. @param folder of the model */
export function placeOf({ externalData }: TensorProto, folder: string): StoredBytes {
  const entries = new Map(externalData.map(({ key, value }) => [key, value]));
  return {
    folder,
    file: entries.get('location') ?? '',
    offset: Number(entries.get('offset')),
    length: Number(entries.get('length')),
  };
}

/**
 * The raw bytes of a tensor, wherever they lie; none where its numbers stand in a typed field.
 * @throws EngineError `model-unreadable` for a file that is gone or cut off
 */
export function rawBytes(tensor: TensorProto, folder: string): Uint8Array {
  return liesBeside(tensor) ? readStored(placeOf(tensor, folder)) : tensor.rawData;
}

/** How many `rawBytes` gives. */
export function rawLength(tensor: TensorProto): number {
  return liesBeside(tensor) ? placeOf(tensor, '').length : tensor.rawData.length;
}

/** Reads a tensor's bytes into the message. @throws EngineError `model-unreadable` */
export function bringInside(tensor: TensorProto, folder: string): void {
  tensor.rawData = rawBytes(tensor, folder);
  tensor.dataLocation = DataLocation.DEFAULT;
  tensor.externalData = [];
}
