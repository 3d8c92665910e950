/** Writes a forward graph to a file: weights one after the other, in place at once or not at all. */
import type { FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { create, toBinary } from '@bufbuild/protobuf';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { ForwardModel } from './build-forward';
import type { StreamedWeight } from './forward-graph';
import { writeWithNote } from '../../cache/noted-file';
import { EngineError } from '../../engine-error';
import { TensorProto_DataType as DataType, TensorProtoSchema } from '../../onnx/onnx_pb';
import { floatBytes, sizeOf } from '../../onnx/tensor-bytes';

/** Protobuf messages end at 2 GiB. */
const largestModel = 2 ** 31 - 1;

/** Field numbers of the ONNX format. */
const graphOfModel = 7;
const initializerOfGraph = 5;
const rawDataOfTensor = 9;

/**
 * @throws EngineError `model-unreadable` if the model would pass ONNX's limit of 2 GiB,
 * `cache-unwritable` if the folder can't be written or the disk is full
 */
export async function writeForward(model: ForwardModel, filePath: string): Promise<void> {
  const bytes = model.graph.weights.reduce((sum, { dims }) => sum + 4 * sizeOf(dims), 0);
  if (bytes > largestModel - 2 ** 24) {
    throw new EngineError(
      'model-unreadable',
      `The model has ${(bytes / 1e9).toFixed(1)} GB of weights; as ONNX in one file it may have 2.1 GB.`,
      'Take a smaller model of the same family.',
    );
  }
  try {
    await writeWithNote(filePath, (file) => writePieces(file, model));
  } catch (cause) {
    throw isSystemError(cause) ? unwritable(filePath, cause) : cause;
  }
}

async function writePieces(file: FileHandle, model: ForwardModel): Promise<void> {
  const { graph, input, output } = model;
  await file.writeFile(graph.header(input, output));
  for (const weight of graph.weights) await writeWeight(file, weight);
}

/** One more piece of the model's message: `graph { initializer { … } }`; pieces merge when read. */
async function writeWeight(file: FileHandle, { name, dims, load }: StreamedWeight): Promise<void> {
  const values = await load();
  const data = floatBytes(values);
  const described = toBinary(
    TensorProtoSchema,
    create(TensorProtoSchema, { name, dims: dims.map(BigInt), dataType: DataType.FLOAT }),
  );
  const rawStart = lengthPrefix(rawDataOfTensor, data.length);
  const tensorLength = described.length + rawStart.length + data.length;
  const tensorStart = lengthPrefix(initializerOfGraph, tensorLength);
  const modelStart = lengthPrefix(graphOfModel, tensorStart.length + tensorLength);
  await file.writeFile(Buffer.concat([modelStart, tensorStart, described, rawStart]));
  await file.writeFile(data);
}

function lengthPrefix(field: number, length: number): Uint8Array {
  return new BinaryWriter().tag(field, WireType.LengthDelimited).uint32(length).finish();
}

function isSystemError(cause: unknown): cause is NodeJS.ErrnoException {
  return cause instanceof Error && 'syscall' in cause;
}

function unwritable(filePath: string, cause: NodeJS.ErrnoException): EngineError {
  return new EngineError(
    'cache-unwritable',
    `The model could not be written to ${path.dirname(filePath)}: ${cause.message}.`,
    'Make room on the disk or choose another cache folder.',
    { cause },
  );
}
