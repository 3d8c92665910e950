/** How much each kind of cache takes, in words for a person. */
import { cacheEntries, type CacheFolders, type CacheKind } from './cache-entries';

export interface CacheSize {
  readonly kind: CacheKind;
  readonly words: string;
  readonly bytes: number;
  /** Models, pictures, …: what is kept or removed as one. */
  readonly entries: number;
}

const words: Readonly<Record<CacheKind, string>> = {
  prepared: 'prepared models',
  converted: 'converted checkpoints',
  features: 'features for probes',
  results: 'results of datasets',
  checksums: 'checksums of models',
  thumbnails: 'small pictures of galleries',
  unfinished: 'unfinished files',
};

/** The kinds that take any place, in a fixed order. @throws as `cacheEntries` */
export async function cacheSizes(folders: CacheFolders): Promise<readonly CacheSize[]> {
  const entries = await cacheEntries(folders);
  return (Object.keys(words) as CacheKind[]).flatMap((kind) => {
    const ofKind = entries.filter((entry) => entry.kind === kind);
    const bytes = ofKind.reduce((sum, entry) => sum + entry.bytes, 0);
    return ofKind.length === 0 ? [] : [{ kind, words: words[kind], bytes, entries: ofKind.length }];
  });
}

export function totalBytes(sizes: readonly CacheSize[]): number {
  return sizes.reduce((sum, { bytes }) => sum + bytes, 0);
}
