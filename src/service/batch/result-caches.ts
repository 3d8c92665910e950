/** The results of earlier batches, as long as their files are open. */
import path from 'node:path';
import { ResultCache } from './result-cache';

export class ResultCaches {
  private readonly open = new Map<string, ResultCache>();

  /**
   * @param key everything that results depend on but the picture
   * @returns no cache, but a notice, where it cannot be written
   */
  async of(
    cacheFolder: string,
    key: unknown,
  ): Promise<{ readonly cache: ResultCache | undefined; readonly notices: readonly string[] }> {
    const name = JSON.stringify(key);
    try {
      const folder = path.join(cacheFolder, 'results');
      const cache = this.open.get(name) ?? (await ResultCache.open(folder, key));
      this.open.set(name, cache);
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

  async close(): Promise<void> {
    const caches = [...this.open.values()];
    this.open.clear();
    await Promise.all(caches.map((cache) => cache.close()));
  }
}
