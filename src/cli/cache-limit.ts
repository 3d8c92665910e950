/** The bound of the command line's cache, and keeping to it. */
import { cacheLimitBytes, usualCacheGigabytes } from '../store/cache/cache-limit';
import { shrinkCache } from '../store/cache/shrink-cache';
import { formatBytes } from '../store/format-bytes';
import { UsageError, type Terminal } from './command';
import { cacheFolder } from './folders';

export const limitVariable = 'VIT_EXPLAINER_CACHE_GIGABYTES';

/** @throws UsageError for an environment variable that is no number */
export function cacheLimit(): number {
  const text = process.env[limitVariable]?.trim() ?? '';
  const gigabytes = text === '' ? usualCacheGigabytes : Number(text);
  if (!(gigabytes >= 0)) {
    throw new UsageError(
      `${limitVariable} takes a number of gigabytes (0: no limit), not “${text}”.`,
    );
  }
  return cacheLimitBytes(gigabytes);
}

/** After a command that may have filled the cache: it says what went, and never fails the command. */
export async function keepCacheLimit(limitBytes: number, terminal: Terminal): Promise<void> {
  if (limitBytes === Infinity) return;
  try {
    const { freedBytes } = await shrinkCache({ work: cacheFolder() }, limitBytes);
    if (freedBytes === 0) return;
    terminal.progress(
      `The cache was larger than ${formatBytes(limitBytes)}: ${formatBytes(freedBytes)} that were not used for longest are free again.`,
    );
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    terminal.progress(`The cache could not be looked through, so nothing was removed: ${why}`);
  }
}
