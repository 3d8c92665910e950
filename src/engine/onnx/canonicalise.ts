/** From any export of a model to one canonical graph with static shapes, cached on disk. */
import { toBinary } from '@bufbuild/protobuf';
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readFile, readdir, rename, rm, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { markUsed } from '../mark-used';
import { decodeGraph } from './decode-graph';
import { dequantiseWeights } from './dequantise';
import { encodeGraph } from './encode-graph';
import { useFloat32 } from './float32';
import { fixInputs } from './fix-inputs';
import type { ImageSize } from './likely-size';
import type { Graph } from './graph';
import { ModelProtoSchema } from './onnx_pb';
import { optimiseTo } from './optimise';
import { describeFileError, parseModel, readModel, unreadable } from './read-model';
import type { ModelMessage } from './read-model';
import { putBackWeights, setAsideWeights } from './set-aside';
import { simplify } from './simplify';
import { storeWeights, storedFolder } from './stored-weights';

/** Raised whenever the canonical form changes, so that older cached files are not used. */
const cacheVersion = 6;

export interface CanonicaliseOptions {
  /** Where canonical models are kept; without it, every call does the work again. */
  readonly cacheFolder?: string | undefined;
  /** For models that leave height and width open. */
  readonly inputSize?: ImageSize | undefined;
}

export interface CanonicalModel {
  readonly graph: Graph;
  /**
   * The same graph as an ONNX model, to append to. With a cache, its large weights lie in a file
   * beside it: a session of it needs `weightsOption(weightsFolder)`.
   */
  readonly bytes: Uint8Array;
  readonly weightsFolder: string | undefined;
  /** Of the model file (without its external weights), in hex. */
  readonly sha256: string;
  readonly fromCache: boolean;
  /** Sentences for the person, e.g. that the cache cannot be written. */
  readonly notices: readonly string[];
}

/** What stands beside a canonical file: what it was made from and what belongs to it. */
interface CacheNote {
  /** SHA-256 of each file of external weights. */
  readonly externalFiles: Readonly<Record<string, string>>;
  /** Size of the file of weights, in bytes. */
  readonly weightsSize: number;
}

/**
 * Opens a model in canonical form: batch 1, fixed shapes, opset 20, the operators listed in
 * `src/engine/README.md`.
 * @throws EngineError `model-unreadable`, `model-unknown-op`, `model-quantised`, `model-not-a-vit`
 * (no single image input).
 */
export async function canonicalise(
  file: string,
  options: CanonicaliseOptions = {},
): Promise<CanonicalModel> {
  const sha256 = await hashFile(file);
  const size = options.inputSize ? `-${options.inputSize.join('x')}` : '';
  const entry =
    options.cacheFolder === undefined
      ? undefined
      : { folder: options.cacheFolder, name: `${sha256}${size}-v${cacheVersion}` };
  const cached = entry && (await readCached(entry, path.dirname(file)));
  if (cached) return { ...cached, sha256, fromCache: true, notices: [] };

  const { model, externalFiles } = await readModel(file);
  dequantiseWeights(model.graph);
  useFloat32(model.graph);
  fixInputs(model, options.inputSize);
  const graph = await canonicalGraph(model);
  const notices: string[] = [];
  if (entry) {
    try {
      const modelFolder = path.dirname(file);
      const stored = await writeCached(entry, graph, await hashFiles(modelFolder, externalFiles));
      return { ...stored, sha256, fromCache: false, notices };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      notices.push(
        `The prepared model could not be kept in “${entry.folder}” (${reason}); ` +
          'it will be prepared anew each time.',
      );
    }
  }
  const bytes = encodeGraph(graph);
  return {
    graph: decodeGraph(parseModel(bytes, path.basename(file))),
    bytes,
    weightsFolder: undefined,
    sha256,
    fromCache: false,
    notices,
  };
}

/** The canonical graph of a model whose inputs are fixed; the model is used up. */
async function canonicalGraph(model: ModelMessage): Promise<Graph> {
  const weights = setAsideWeights(model.graph);
  const optimised = path.join(os.tmpdir(), `vit-explainer-${randomUUID()}.onnx`);
  try {
    await optimiseTo(optimised, toBinary(ModelProtoSchema, model));
    const result = parseModel(await readFile(optimised), path.basename(optimised));
    putBackWeights(result.graph, weights);
    return simplify(decodeGraph(result));
  } finally {
    await rm(optimised, { force: true });
  }
}

async function hashFiles(
  folder: string,
  files: readonly string[],
): Promise<Record<string, string>> {
  const hashes: Record<string, string> = {};
  for (const file of files) hashes[file] = await hashFile(path.join(folder, file));
  return hashes;
}

async function hashFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(file, { highWaterMark: 2 ** 20 }))
      hash.update(chunk as Buffer);
  } catch (error) {
    throw unreadable(path.basename(file), describeFileError(error), error);
  }
  return hash.digest('hex');
}

interface CacheEntry {
  readonly folder: string;
  readonly name: string;
}

type Opened = Pick<CanonicalModel, 'graph' | 'bytes' | 'weightsFolder'>;

/** The cached canonical model, unless there is none or its external weights have changed since. */
async function readCached(
  { folder, name }: CacheEntry,
  modelFolder: string,
): Promise<Opened | undefined> {
  const stem = path.join(folder, name);
  await markUsed(`${stem}.json`, `${stem}.onnx`, `${stem}.weights`);
  try {
    const note = JSON.parse(await readFile(`${stem}.json`, 'utf8')) as CacheNote;
    for (const [external, sha256] of Object.entries(note.externalFiles))
      if ((await hashFile(path.join(modelFolder, external))) !== sha256) return undefined;
    if ((await stat(`${stem}.weights`)).size !== note.weightsSize) return undefined;
    const bytes = await readFile(`${stem}.onnx`);
    const graph = decodeGraph(parseModel(bytes, name), folder);
    return { graph, bytes, weightsFolder: storedFolder(graph) };
  } catch {
    // Absent or damaged: it is made again.
    return undefined;
  }
}

/**
 * Writes the weights, the model and the note, each complete or not at all; the note comes last, so
 * that what it stands for is there.
 */
async function writeCached(
  { folder, name }: CacheEntry,
  graph: Graph,
  externalFiles: CacheNote['externalFiles'],
): Promise<Opened> {
  await mkdir(folder, { recursive: true });
  const stem = path.join(folder, name);
  let stored = graph;
  await writeWhole(`${stem}.weights`, async (handle) => {
    stored = await storeWeights(graph, handle, { folder, file: `${name}.weights` });
  });
  const bytes = encodeGraph(stored, 'beside');
  await writeWhole(`${stem}.onnx`, (handle) => handle.writeFile(bytes));
  const note: CacheNote = { externalFiles, weightsSize: (await stat(`${stem}.weights`)).size };
  await writeWhole(`${stem}.json`, (handle) => handle.writeFile(JSON.stringify(note)));
  await removeOlder(folder, name);
  return { graph: stored, bytes, weightsFolder: storedFolder(stored) };
}

/** Removes what earlier versions of the cache kept of the same model: it is as large as the model. */
async function removeOlder(folder: string, name: string): Promise<void> {
  const stem = name.slice(0, name.lastIndexOf('-v') + 2);
  for (const file of await readdir(folder)) {
    const version = file.startsWith(stem) ? parseInt(file.slice(stem.length), 10) : NaN;
    if (!(version < cacheVersion)) continue;
    try {
      await rm(path.join(folder, file), { force: true });
    } catch {
      // A session may still have it open; it goes another time.
    }
  }
}

/** A file that appears under its name only when it is complete. */
async function writeWhole(
  file: string,
  write: (handle: FileHandle) => Promise<void>,
): Promise<void> {
  const temporary = `${file}.${randomUUID()}.tmp`;
  try {
    const handle = await open(temporary, 'w');
    try {
      await write(handle);
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } finally {
    await rm(temporary, { force: true });
  }
}
