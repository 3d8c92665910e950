/** A model file, with its external weights, as a protobuf message. Nothing in it is executed. */
import { fromBinary } from '@bufbuild/protobuf';
import path from 'node:path';
import { EngineError } from '../engine-error';
import { checkFields, TooManyFields } from './count-fields';
import { bringInside, lieAt, liesBeside, rawLength } from './external-tensor';
import { describeFileError, largest, readRegular, statRegular } from '../files/regular-file';
import { liesInside } from '../identity/external-files';
import { ModelProtoSchema } from './onnx_pb';
import type { GraphProto, ModelProto, TensorProto } from './onnx_pb';
import { smallestSetAside } from './set-aside';

/**
 * Every head of a giant ViT on its own has fewer. ONNX Runtime's time grows with the square of it:
 * so many take seconds, and minutes are reached soon.
 */
const mostNodes = 10_000;

export type ModelMessage = ModelProto & { graph: GraphProto };

export interface ModelFile {
  /** Weights are views into the file's bytes; large ones that lie beside it stay there. */
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
  const externalFiles = await findExternalWeights(model.graph, path.dirname(file));
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

/**
 * Makes sure that the external weights are there, and says of each in full where it lies. Small ones are
 * read: they may take part in constant folding.
 * @returns the files that they lie in
 */
async function findExternalWeights(graph: GraphProto, folder: string): Promise<string[]> {
  const sizes = new Map<string, number>();
  let total = 0;
  for (const tensor of graph.initializer.filter(liesBeside)) {
    const { location, offset, length: stated } = externalEntry(tensor, folder);
    const size = sizes.get(location) ?? (await sizeOfFile(path.join(folder, location)));
    sizes.set(location, size);
    const length = stated ?? size - offset;
    if (length < 0 || offset + length > size)
      throw unreadable(location, `it is too short for the weight “${tensor.name}”`);
    total += length;
    if (total > largest.weights) throw unreadable(location, 'its weights exceed 32 GB');
    lieAt(tensor, { location, offset, length });
    if (length < smallestSetAside) bringInside(tensor, folder);
  }
  return [...sizes.keys()];
}

async function sizeOfFile(file: string): Promise<number> {
  try {
    return (await statRegular(file)).size;
  } catch (error) {
    throw unreadable(path.basename(file), describeFileError(error), error);
  }
}

interface ExternalEntry {
  readonly location: string;
  readonly offset: number;
  /** Left out: to the end of the file. */
  readonly length: number | undefined;
}

function externalEntry(tensor: TensorProto, folder: string): ExternalEntry {
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

/**
 * Brings weights that lie beside a model into its message, all of them.
 * @param name of the model, for messages
 * @throws EngineError `model-unreadable` where they are more than a message holds
 */
export function bringAllInside(graph: GraphProto, folder: string, name: string): void {
  const bytes = graph.initializer.reduce((sum, tensor) => sum + rawLength(tensor), 0);
  if (bytes > largest.onnx) {
    const gigabytes = (bytes / 1e9).toFixed(1);
    throw unreadable(
      name,
      `${gigabytes} GB of its weights are no plain right sides of products, and 2.1 GB of such are taken`,
    );
  }
  for (const tensor of graph.initializer.filter(liesBeside)) bringInside(tensor, folder);
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
