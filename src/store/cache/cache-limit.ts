/** How large all caches together may become before the least recently used part goes. */
export const usualCacheGigabytes = 5;

/** @param gigabytes 10⁹ bytes; 0: no limit */
export function cacheLimitBytes(gigabytes: number): number {
  return gigabytes === 0 ? Infinity : gigabytes * 1e9;
}
