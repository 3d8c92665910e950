/** A model file, with its external weights, as a protobuf message. Nothing in it is executed. */
import { fromBinary } from '@bufbuild/protobuf';
import path from 'node:path';
import { EngineError } from '../engine-error';
import { checkFields, TooManyFields } from './count-fields';
import { describeFileError, largest, readRegular } from '../files/regular-file';
import { liesInside } from '../identity/external-files';
import { ModelProtoSchema, TensorProto_DataLocation as DataLocation } from './onnx_pb';
import type { GraphProto, ModelProto, TensorProto } from './onnx_pb';

/**
 * Every head of a giant ViT on its own has fewer. ONNX Runtime's time grows with the square of it:
 * so many take seconds, and minutes are reached soon.
 */
const mostNodes = 10_000;

export type ModelMessage = ModelProto & { graph: GraphProto };

export interface ModelFile {
  /** The model, with external weights read in. Weights are views into the files' bytes. */
  readonly model: ModelMessage;
  /** Files with external weights, relative to the model's folder. */
  readonly externalFiles: readonly string[];
}

/**
 * Reads an ONNX model.
 * @throws EngineError `model-unreadable` if the file is absent, empty, cut off, too large or no ONNX
 * model, or if a file with external weights is missing, too short or outside the model's folder.
 */
export async function readModel(file: string): Promise<ModelFile> {
  const model = parseModel(await readWhole(file), path.basename(file));
  const externalFiles = await readExternalWeights(model.graph, path.dirname(file));
  return { model, externalFiles };
}

/**
 * The model in these bytes, which stay its backing store.
 * @param name of the file, for messages.
 * @throws EngineError `model-unreadable`.
 */
export function parseModel(bytes: Uint8Array, name: string): ModelMessage {
  if (bytes.byteLength === 0) throw unreadable(name, 'the file is empty');
  const start = Buffer.from(
    bytes.buffer,
    bytes.byteOffset,
    Math.min(64, bytes.byteLength),
  ).toString('latin1');
  if (start.startsWith('version https://git-lfs')) {
    throw new EngineError(
      'model-unreadable',
      `“${name}” is a Git LFS pointer, not the model itself.`,
      'Fetch the real file with “git lfs pull” or download it from the model’s page.',
    );
  }
  let model: ModelProto;
  try {
    checkFields(ModelProtoSchema, plainBytes(bytes));
    model = fromBinary(ModelProtoSchema, plainBytes(bytes));
  } catch (error) {
    const why =
      error instanceof TooManyFields
        ? error.message
        : 'it is cut off, damaged or not an ONNX model';
    throw unreadable(name, why, error);
  }
  const { graph } = model;
  if (!graph || graph.node.length === 0 || graph.output.length === 0)
    throw unreadable(name, 'it holds no ONNX graph');
  if (graph.node.length > mostNodes) {
    throw unreadable(
      name,
      `its graph has ${graph.node.length} nodes, more than the ${mostNodes} that are taken`,
    );
  }
  return Object.assign(model, { graph });
}

/** A Buffer as what it is in the types: its `slice` would give a view where Uint8Array copies. */
function plainBytes(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

async function readWhole(file: string): Promise<Uint8Array> {
  const name = path.basename(file);
  try {
    return plainBytes(await readRegular(file, largest.onnx));
  } catch (error) {
    throw unreadable(name, describeFileError(error), error);
  }
}

/** Puts the bytes of external tensors in place; returns the files they came from. */
async function readExternalWeights(graph: GraphProto, folder: string): Promise<string[]> {
  const files = new Map<string, Uint8Array>();
  let total = 0;
  for (const tensor of graph.initializer) {
    if (tensor.dataLocation !== DataLocation.EXTERNAL) continue;
    const entry = externalEntry(tensor, folder);
    const bytes = files.get(entry.location) ?? (await readWhole(path.join(folder, entry.location)));
    files.set(entry.location, bytes);
    const end = entry.length === undefined ? bytes.byteLength : entry.offset + entry.length;
    if (end > bytes.byteLength)
      throw unreadable(entry.location, `it is too short for the weight “${tensor.name}”`);
    tensor.rawData = bytes.subarray(entry.offset, end);
    tensor.dataLocation = DataLocation.DEFAULT;
    tensor.externalData = [];
    total += end - entry.offset;
    if (total > largest.onnx) throw unreadable(entry.location, 'its weights exceed 2 GB');
  }
  return [...files.keys()];
}

function externalEntry(
  tensor: TensorProto,
  folder: string,
): { location: string; offset: number; length: number | undefined } {
  const entries = new Map(tensor.externalData.map(({ key, value }) => [key, value]));
  const location = entries.get('location') ?? '';
  const offset = Number(entries.get('offset') ?? 0);
  const length = entries.has('length') ? Number(entries.get('length')) : undefined;
  if (!liesInside(folder, location))
    throw unreadable(location, `the weight “${tensor.name}” points outside the model’s folder`);
  const sound = (value: number) => Number.isSafeInteger(value) && value >= 0;
  if (!sound(offset) || (length !== undefined && !sound(length)))
    throw unreadable(location, `the place of the weight “${tensor.name}” in it is not a number`);
  return { location, offset, length };
}

/** The error for a model file that cannot be read. */
export function unreadable(name: string, why: string, cause?: unknown): EngineError {
  return new EngineError(
    'model-unreadable',
    `The model file “${name}” cannot be read: ${why}.`,
    'Choose an ONNX file of a Vision Transformer, or download or export it again.',
    cause === undefined ? undefined : { cause },
  );
}
