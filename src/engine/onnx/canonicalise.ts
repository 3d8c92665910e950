/** From any export of a model to one canonical graph with static shapes, cached on disk. */
import { toBinary } from '@bufbuild/protobuf';
import { randomUUID } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { identityOf } from '../identity/identity';
import { modelFiles } from '../identity/model-files';
import { decodeGraph } from './decode-graph';
import { dequantiseWeights } from './dequantise';
import { encodeGraph } from './encode-graph';
import { useFloat32 } from './float32';
import { firstOfBatch } from './first-of-batch';
import { fixInputs } from './fix-inputs';
import type { ImageSize } from './likely-size';
import type { Graph } from './graph';
import { ModelProtoSchema } from './onnx_pb';
import { optimiseTo } from './optimise';
import { preparedEntry, readPrepared, writePrepared } from './prepared-cache';
import { parseModel, readModel, unreadable } from './read-model';
import type { ModelMessage } from './read-model';
import { putBackWeights, setAsideWeights } from './set-aside';
import { simplify } from './simplify';

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
  /** Of the model with its external weights, in hex (`identityOf`). */
  readonly sha256: string;
  readonly fromCache: boolean;
  /** Sentences for the person, e.g. that the cache cannot be written. */
  readonly notices: readonly string[];
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
  const { cacheFolder, inputSize } = options;
  const sha256 = await identityOf(file, cacheFolder);
  const entry =
    cacheFolder === undefined ? undefined : preparedEntry(cacheFolder, sha256, inputSize);
  const cached = entry && (await readPrepared(entry));
  if (cached) return { ...cached, sha256, fromCache: true, notices: [] };

  const { model, externalFiles } = await readModel(file);
  await checkIdentity(file, sha256, externalFiles, cacheFolder);
  dequantiseWeights(model.graph);
  useFloat32(model.graph);
  const batch = fixInputs(model, inputSize);
  const graph = await canonicalGraph(model, batch);
  const notices: string[] = [];
  if (entry) {
    try {
      const prepared = await writePrepared(entry, graph);
      return { ...prepared, sha256, fromCache: false, notices };
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

/**
 * The canonical graph of a model whose inputs are fixed; the model is used up.
 * @param batch pictures in its input
 */
async function canonicalGraph(model: ModelMessage, batch: number): Promise<Graph> {
  const weights = setAsideWeights(model.graph);
  const optimised = path.join(os.tmpdir(), `vit-explainer-${randomUUID()}.onnx`);
  try {
    await optimiseTo(optimised, toBinary(ModelProtoSchema, model));
    const result = parseModel(await readFile(optimised), path.basename(optimised));
    putBackWeights(result.graph, weights);
    const graph = decodeGraph(result);
    return simplify(batch === 1 ? graph : firstOfBatch(graph, batch));
  } finally {
    await rm(optimised, { force: true });
  }
}

/** What was read is what the checksum was made of: a file may be replaced in between. */
async function checkIdentity(
  file: string,
  sha256: string,
  externalFiles: readonly string[],
  cacheFolder: string | undefined,
): Promise<void> {
  const files = await modelFiles(file);
  const areHashed = externalFiles.every((one) =>
    files.includes(path.join(path.dirname(file), one)),
  );
  if (!areHashed || (await identityOf(file, cacheFolder)) !== sha256)
    throw unreadable(path.basename(file), 'it changed while it was being read');
}
