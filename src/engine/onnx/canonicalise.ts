/** From any export of a model to one canonical graph with static shapes, cached on disk. */
import path from 'node:path';
import { identityOf } from '../identity/identity';
import { modelFiles } from '../identity/model-files';
import { decodeGraph } from './decode-graph';
import type { Precision } from './double-precision';
import { encodeGraph } from './encode-graph';
import type { ImageSize } from './likely-size';
import type { Graph } from './graph';
import { prepare } from './prepare';
import {
  preparedEntry,
  readPrepared,
  removePrepared,
  sealPrepared,
  writePrepared,
} from './prepared-cache';
import type { Findings, PreparedEntry, PreparedModel, WrittenModel } from './prepared-cache';
import { parseModel, readModel, unreadable } from './read-model';

export interface CanonicaliseOptions {
  /** Where canonical models are kept; without it, every call does the work again. */
  readonly cacheFolder?: string | undefined;
  /** For models that leave height and width open. */
  readonly inputSize?: ImageSize | undefined;
  /** Told what is being done, in a phrase. */
  readonly onStage?: (phrase: string) => void;
}

export interface CanonicalModel {
  readonly graph: Graph;
  /**
   * The same graph as an ONNX model, to append to. With a cache, its large weights lie in a file
   * beside it: a session of it needs `weightsOption(weightsFolder)`.
   */
  readonly bytes: Uint8Array;
  readonly weightsFolder: string | undefined;
  /** What its forward run is computed in where that is possible. */
  readonly precision: Precision;
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
  const { cacheFolder, inputSize, onStage = () => undefined } = options;
  const sha256 = await identityOf(file, cacheFolder);
  const entry =
    cacheFolder === undefined ? undefined : preparedEntry(cacheFolder, sha256, inputSize);
  const cached = entry && (await readPrepared(entry));
  if (cached) return { ...cached, sha256, fromCache: true };

  let beside: readonly string[] = [];
  const read = async () => {
    const { model, externalFiles } = await readModel(file);
    beside = externalFiles;
    await checkIdentity(file, sha256, beside, cacheFolder);
    return model;
  };
  const kept = entry && new KeptModel(entry);
  const keep = async (graph: Graph) => (await kept?.write(graph)) ?? wholeInMemory(graph);
  try {
    const { model, ...found } = await prepare({ file, inputSize, read, keep, onStage });
    // Weights beside the model were read meanwhile.
    if (beside.length > 0) await checkIdentity(file, sha256, beside, cacheFolder);
    await kept?.seal(found);
    const notices = [...found.notices, ...(kept?.notices ?? [])];
    return { ...model, ...found, sha256, fromCache: false, notices };
  } catch (error) {
    await kept?.remove();
    throw error;
  }
}

/** A model on its way into the cache; where the disk refuses it, that is a notice. */
class KeptModel {
  readonly notices: string[] = [];
  private written: WrittenModel | undefined;

  constructor(private readonly entry: PreparedEntry) {}

  /** In place of what was written before. */
  async write(graph: Graph): Promise<PreparedModel | undefined> {
    return this.attempt(async () => {
      await this.remove();
      this.written = await writePrepared(this.entry, graph);
      return this.written;
    });
  }

  async seal(found: Findings): Promise<void> {
    const { written } = this;
    if (written) await this.attempt(() => sealPrepared(this.entry, written, found));
  }

  async remove(): Promise<void> {
    if (this.written) await removePrepared(this.entry, this.written);
    this.written = undefined;
  }

  private async attempt<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
    if (this.notices.length > 0) return undefined;
    try {
      return await work();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.notices.push(
        `The prepared model could not be kept in “${this.entry.folder}” (${reason}); ` +
          'it will be prepared anew each time.',
      );
      return undefined;
    }
  }
}

function wholeInMemory(graph: Graph): PreparedModel {
  const bytes = encodeGraph(graph);
  return { graph: decodeGraph(parseModel(bytes, 'model')), bytes, weightsFolder: undefined };
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
