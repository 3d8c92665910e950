/** Makes room: what was not used for longest goes first, and nothing that a process has open. */
import { cacheEntries, type CacheEntry, type CacheFolders } from './cache-entries';
import { inUseSince } from './cache-users';
import { removeEntry } from './remove-entry';

/** What remains of a write that was broken off is removed when it is so old. */
const unfinishedMs = 3600 * 1000;

export interface Shrunk {
  readonly freedBytes: number;
  /** What stays. */
  readonly keptBytes: number;
  /** Of what stays: what was not removed because processes may have it open. */
  readonly inUseBytes: number;
}

/**
 * Removes entries, the least recently used first, until at most `limitBytes` are left; 0 removes all
 * that nobody uses. Several processes may do so at once, and while others fill the cache.
 *
 * @throws what the file system says of a folder that is there but cannot be read
 */
export async function shrinkCache(folders: CacheFolders, limitBytes: number): Promise<Shrunk> {
  const entries = await cacheEntries(folders);
  const total = entries.reduce((sum, { bytes }) => sum + bytes, 0);
  const since = new Map<string, number>();
  for (const { root } of entries) if (!since.has(root)) since.set(root, await inUseSince(root));
  let keptBytes = total;
  let freedBytes = 0;
  let inUseBytes = 0;
  for (const entry of inOrder(entries)) {
    const isLeftover = entry.kind === 'unfinished';
    if (keptBytes <= limitBytes && !isLeftover) continue;
    const young = isLeftover && entry.usedAt > Date.now() - unfinishedMs;
    if (young || entry.usedAt >= (since.get(entry.root) ?? Infinity)) {
      inUseBytes += entry.bytes;
      continue;
    }
    const removed = await removeEntry(entry);
    keptBytes -= removed.goneBytes;
    freedBytes += removed.freedBytes;
  }
  return { freedBytes, keptBytes, inUseBytes };
}

function inOrder(entries: readonly CacheEntry[]): readonly CacheEntry[] {
  const turn = ({ kind, usedAt }: CacheEntry) => (kind === 'unfinished' ? 0 : usedAt);
  return [...entries].sort((a, b) => turn(a) - turn(b));
}
