/** What calls share and keep between them: settings, open models, prepared pictures, results. */
import { createHash } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';
import type { Classified } from '../engine/explainer';
import type { ImageProgram } from '../engine/image-program';
import type { WorkerSettings } from '../shared/worker-protocol';
import { PicturePool } from './batch/picture-pool';
import { ResultCache } from './batch/result-cache';
import { sessionsAtOnce } from './batch/sessions-at-once';
import { LeastRecentlyUsed } from './least-recently-used';
import { ModelInputs } from './pictures/model-inputs';
import { OpenModels } from './models/open-models';

/** One class's map, as the engine returned it. */
export interface KnownMap {
  readonly index: number;
  readonly values: Float32Array;
  readonly shape: readonly [rows: number, columns: number];
}

const keptClassified = 8;
const keptMapBytes = 64 * 2 ** 20;
/** One decoding thread keeps up with a small model; more help where decoding is the slower part. */
const decodingThreads = Math.max(1, Math.min(4, Math.floor(os.availableParallelism() / 2)));

export class Workroom {
  readonly models: OpenModels;
  readonly inputs = new ModelInputs();
  /** By model and input. */
  readonly classified = new LeastRecentlyUsed<Classified>(keptClassified, () => 1);
  /** By model, input, method, options and class. */
  readonly maps = new LeastRecentlyUsed<KnownMap>(keptMapBytes, ({ values }) => values.byteLength);

  readonly decoders = new PicturePool(decodingThreads);
  /** Of the latest program: a dataset is taken in by one. */
  private runners: { readonly key: string; readonly pool: PicturePool } | undefined;
  private readonly resultCaches = new Map<string, ResultCache>();

  constructor(public settings: WorkerSettings) {
    this.models = new OpenModels(settings);
  }

  configure(settings: WorkerSettings): void {
    this.settings = settings;
    this.models.configure(settings);
  }

  /** Ends all threads and closes files; batches may be run again afterwards. */
  async close(): Promise<void> {
    const caches = [...this.resultCaches.values()];
    const pools = this.runners ? [this.decoders, this.runners.pool] : [this.decoders];
    this.resultCaches.clear();
    this.runners = undefined;
    await Promise.all([...pools, ...caches].map((one) => one.close()));
  }

  /** Threads that run a program, each on pictures of its own; those of another program end. */
  async picturesThrough(program: ImageProgram): Promise<PicturePool> {
    const { threads } = this.settings;
    const cores = threads > 0 ? threads : os.availableParallelism();
    const key = JSON.stringify([
      createHash('sha256').update(program.model).digest('hex'),
      program.weightsFolder,
      cores,
    ]);
    if (this.runners?.key !== key) {
      await this.runners?.pool.close();
      const sessions = sessionsAtOnce(cores, program.weightBytes);
      const pool = new PicturePool(sessions.count, { program, threads: sessions.threads });
      this.runners = { key, pool };
    }
    return this.runners.pool;
  }

  /**
   * The results of earlier batches.
   *
   * @param key everything that they depend on but the picture
   * @returns no cache, but a notice, where it cannot be written
   */
  async results(
    key: unknown,
  ): Promise<{ readonly cache: ResultCache | undefined; readonly notices: readonly string[] }> {
    const name = JSON.stringify(key);
    try {
      const folder = path.join(this.settings.cacheFolder, 'results');
      const cache = this.resultCaches.get(name) ?? (await ResultCache.open(folder, key));
      this.resultCaches.set(name, cache);
      return { cache, notices: [] };
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return {
        cache: undefined,
        notices: [
          `Results are not kept for the next time, since the cache cannot be written: ${why}`,
        ],
      };
    }
  }
}
