/** Removes what was found in a cache, unless someone has used it since. */
import { randomUUID } from 'node:crypto';
import { lstat, rename, rm } from 'node:fs/promises';
import { hasCode } from '../json-file';
import type { CacheEntry, CacheFile } from './cache-entries';

export interface Removed {
  readonly freedBytes: number;
  /** Freed here or, in the same moment, by another process. */
  readonly goneBytes: number;
}

export async function removeEntry({ files }: CacheEntry): Promise<Removed> {
  let freedBytes = 0;
  let goneBytes = 0;
  for (const file of files) {
    const fate = await takeAway(file);
    if (fate === 'stays') break;
    goneBytes += file.bytes;
    if (fate === 'removed') freedBytes += file.bytes;
  }
  return { freedBytes, goneBytes };
}

/**
 * Takes a file out of the way by renaming it, which either happens or does not, and only then looks
 * whether someone has used it since it was found; in that case it goes back.
 *
 * @returns `absent`: someone else has removed it
 */
async function takeAway(file: CacheFile): Promise<'removed' | 'absent' | 'stays'> {
  const aside = `${file.path}.${randomUUID()}.tmp`;
  try {
    await rename(file.path, aside);
    if ((await lstat(aside)).mtimeMs !== file.usedAt) {
      await rename(aside, file.path);
      return 'stays';
    }
    await rm(aside);
    return 'removed';
  } catch (error) {
    // Else it is not ours to remove, or open (Windows).
    return hasCode(error, 'ENOENT') ? 'absent' : 'stays';
  }
}
