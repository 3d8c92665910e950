/** From any export of a model to one canonical graph with static shapes, cached on disk. */
import { toBinary } from '@bufbuild/protobuf';
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { EngineError } from '../engine-error';
import { decodeGraph } from './decode-graph';
import { dequantiseWeights } from './dequantise';
import { encodeGraph } from './encode-graph';
import { useFloat32 } from './float32';
import { fixInputs } from './fix-inputs';
import type { ImageSize } from './fix-inputs';
import type { Graph } from './graph';
import { ModelProtoSchema } from './onnx_pb';
import { optimiseTo } from './optimise';
import { parseModel, readModel } from './read-model';
import type { ModelMessage } from './read-model';
import { putBackWeights, setAsideWeights } from './set-aside';
import { simplify } from './simplify';

/** Raised whenever the canonical form changes, so that older cached files are not used. */
const cacheVersion = 1;

export interface CanonicaliseOptions {
  /** Where canonical models are kept; without it, every call does the work again. */
  readonly cacheFolder?: string | undefined;
  /** For models that leave height and width open. */
  readonly inputSize?: ImageSize | undefined;
}

export interface CanonicalModel {
  readonly graph: Graph;
  /** The same graph as an ONNX model, to append to; the graph's weights are views into it. */
  readonly bytes: Uint8Array;
  /** Of the model file (without its external weights), in hex. */
  readonly sha256: string;
  readonly fromCache: boolean;
  /** Sentences for the person, e.g. that the cache cannot be written. */
  readonly notices: readonly string[];
}

/** What stands beside a canonical file: the external weights that it was made from. */
interface CacheNote {
  readonly externalFiles: Readonly<Record<string, string>>;
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
  const name = `${sha256}${size}-v${cacheVersion}`;
  const cached = options.cacheFolder ? path.join(options.cacheFolder, name) : undefined;
  if (cached !== undefined) {
    const found = await readCached(cached, path.dirname(file));
    if (found) return { ...found, sha256, fromCache: true, notices: [] };
  }

  const { model, externalFiles } = await readModel(file);
  dequantiseWeights(model.graph);
  useFloat32(model.graph);
  fixInputs(model, options.inputSize);
  const bytes = await canonicalBytes(model);
  const notices: string[] = [];
  if (cached !== undefined) {
    const note: CacheNote = {
      externalFiles: Object.fromEntries(
        await Promise.all(
          externalFiles.map(async (external): Promise<[string, string]> => [
            external,
            await hashFile(path.join(path.dirname(file), external)),
          ]),
        ),
      ),
    };
    const notice = await writeCached(cached, bytes, note);
    if (notice !== undefined) notices.push(notice);
  }
  const graph = decodeGraph(parseModel(bytes, path.basename(file)));
  return { graph, bytes, sha256, fromCache: false, notices };
}

/** The bytes of the canonical graph of a model whose inputs are fixed; the model is used up. */
async function canonicalBytes(model: ModelMessage): Promise<Uint8Array> {
  const weights = setAsideWeights(model.graph);
  const optimised = path.join(os.tmpdir(), `vit-explainer-${randomUUID()}.onnx`);
  try {
    await optimiseTo(optimised, toBinary(ModelProtoSchema, model));
    const result = parseModel(await readFile(optimised), path.basename(optimised));
    putBackWeights(result.graph, weights);
    return encodeGraph(simplify(decodeGraph(result)));
  } finally {
    await rm(optimised, { force: true });
  }
}

async function hashFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(file, { highWaterMark: 2 ** 20 }))
      hash.update(chunk as Buffer);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new EngineError(
      'model-unreadable',
      `The model file “${path.basename(file)}” cannot be read: ${reason}.`,
      'Check that the file exists and that you may read it.',
      { cause: error },
    );
  }
  return hash.digest('hex');
}

/** The cached canonical model, unless there is none or its external weights have changed since. */
async function readCached(
  stem: string,
  modelFolder: string,
): Promise<Pick<CanonicalModel, 'graph' | 'bytes'> | undefined> {
  try {
    const note = JSON.parse(await readFile(`${stem}.json`, 'utf8')) as CacheNote;
    for (const [external, sha256] of Object.entries(note.externalFiles))
      if ((await hashFile(path.join(modelFolder, external))) !== sha256) return undefined;
    const bytes = await readFile(`${stem}.onnx`);
    return { bytes, graph: decodeGraph(parseModel(bytes, path.basename(stem))) };
  } catch {
    // Absent or damaged: it is made again.
    return undefined;
  }
}

/** Writes both files, each complete or not at all; returns a notice if the cache cannot be written. */
async function writeCached(
  stem: string,
  bytes: Uint8Array,
  note: CacheNote,
): Promise<string | undefined> {
  try {
    await mkdir(path.dirname(stem), { recursive: true });
    await writeWhole(`${stem}.onnx`, bytes);
    await writeWhole(`${stem}.json`, JSON.stringify(note));
    return undefined;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return (
      `The prepared model could not be kept in “${path.dirname(stem)}” (${reason}); ` +
      'it will be prepared anew each time.'
    );
  }
}

async function writeWhole(file: string, content: Uint8Array | string): Promise<void> {
  const temporary = `${file}.${randomUUID()}.tmp`;
  try {
    await writeFile(temporary, content);
    await rename(temporary, file);
  } finally {
    await rm(temporary, { force: true });
  }
}
