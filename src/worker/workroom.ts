/** What calls share and keep between them: settings, open models, prepared pictures, results. */
import os from 'node:os';
import path from 'node:path';
import type { Classified } from '../engine/explainer';
import type { Preset } from '../shared/explanation';
import type { WorkerSettings } from '../shared/worker-protocol';
import { DecodePool } from './batch/decode-pool';
import { ResultCache } from './batch/result-cache';
import { LeastRecentlyUsed } from './least-recently-used';
import { ModelInputs } from './model-inputs';
import { OpenModels } from './open-models';

/** One class's map, as the engine returned it. */
export interface KnownMap {
  readonly index: number;
  readonly values: Float32Array;
  readonly shape: readonly [rows: number, columns: number];
  readonly preset: Preset;
}

const KEPT_CLASSIFIED = 8;
const KEPT_MAP_BYTES = 64 * 2 ** 20;
/** One decoding thread keeps up with a small model; more help where decoding is the slower part. */
const DECODING_THREADS = Math.max(1, Math.min(4, Math.floor(os.availableParallelism() / 2)));

export class Workroom {
  readonly models: OpenModels;
  readonly inputs = new ModelInputs();
  /** By model and input. */
  readonly classified = new LeastRecentlyUsed<Classified>(KEPT_CLASSIFIED, () => 1);
  /** By model, input, method, options and class. */
  readonly maps = new LeastRecentlyUsed<KnownMap>(
    KEPT_MAP_BYTES,
    ({ values }) => values.byteLength,
  );

  readonly decoders = new DecodePool(DECODING_THREADS);
  private readonly resultCaches = new Map<string, ResultCache>();

  constructor(public settings: WorkerSettings) {
    this.models = new OpenModels(settings);
  }

  configure(settings: WorkerSettings): void {
    this.settings = settings;
    this.models.configure(settings);
  }

  /** Ends the decoding threads and closes files; batches may be run again afterwards. */
  async close(): Promise<void> {
    const caches = [...this.resultCaches.values()];
    this.resultCaches.clear();
    await Promise.all([this.decoders.close(), ...caches.map((cache) => cache.close())]);
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
