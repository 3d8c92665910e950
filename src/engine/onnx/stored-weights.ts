/**
 * Large weights in a file beside the model. Every session of a model maps the same file into memory,
 * so the weights are not copied for each, nor held by this process.
 */
import type { InferenceSession } from 'onnxruntime-node';
import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import type { Checksum } from '../cache/checksum';
import { writeAt } from '../files/write-at';
import type { Constant, ElementType, StoredBytes } from './constant';
import type { Graph } from './graph';
import { readStored } from './stored-bytes';
import { constantBytes } from './tensor-bytes';

/** Smaller constants stay in the model. */
const smallestStored = 2 ** 15;

/** Memory is mapped by pages. */
const pageSize = 4096;

export function nextPage(offset: number): number {
  return Math.ceil(offset / pageSize) * pageSize;
}

/** A constant whose bytes are read at every access: of a large model they never are in memory together. */
export function storedConstant(
  name: string,
  type: ElementType,
  dims: readonly number[],
  stored: StoredBytes,
): Constant {
  return {
    name,
    type,
    dims,
    stored,
    get data() {
      return readStored(stored);
    },
  };
}

/** Writes the large weights of a graph to a file. */
export async function writeWeights(graph: Graph, handle: FileHandle): Promise<void> {
  for (const { constant, offset } of largeWeights(graph))
    await writeAt(handle, constant.data, offset);
}

/** The graph with its large weights in the file that `writeWeights` writes, by its folder and name. */
export function withStoredWeights(
  graph: Graph,
  place: Pick<StoredBytes, 'folder' | 'file'>,
): Graph {
  const constants = new Map(graph.constants);
  for (const { key, constant, offset } of largeWeights(graph)) {
    const { name, type, dims } = constant;
    const stored = { ...place, offset, length: constantBytes(constant) };
    constants.set(key, storedConstant(name, type, dims, stored));
  }
  return { ...graph, constants };
}

/** Of the file that `writeWeights` writes. */
export function checksumOfWeights(graph: Graph): Checksum {
  let bytes = 0;
  let sum = 0;
  for (const { constant, offset } of largeWeights(graph)) {
    const { data } = constant;
    sum = crc32(data, crc32(Buffer.alloc(offset - bytes), sum));
    bytes = offset + data.byteLength;
  }
  return { bytes, crc32: sum };
}

/** In their order, each at the beginning of a page. */
function* largeWeights(
  graph: Graph,
): Generator<{ readonly key: string; readonly constant: Constant; readonly offset: number }> {
  let offset = 0;
  for (const [key, constant] of graph.constants) {
    const size = constantBytes(constant);
    if (size < smallestStored) continue;
    yield { key, constant, offset };
    offset = nextPage(offset + size);
  }
}

/** The folder of a graph's stored weights; undefined if everything is in the model. */
export function storedFolder(graph: Graph): string | undefined {
  for (const { stored } of graph.constants.values()) if (stored) return stored.folder;
  return undefined;
}

/**
 * What a session of a model with weights beside it needs among its options (`extra`).
 * @param folder of the weights; undefined if there are none.
 */
export function weightsOption(
  folder: string | undefined,
): Pick<InferenceSession.SessionOptions, 'extra'> {
  return folder === undefined ? {} : { extra: { session: weightsEntry(folder) } };
}

/** The same among the entries of `extra.session`. */
export function weightsEntry(folder: string | undefined): Readonly<Record<string, string>> {
  return folder === undefined ? {} : { model_external_initializers_file_folder_path: folder };
}
