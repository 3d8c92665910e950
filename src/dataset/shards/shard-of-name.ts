import { hash } from 'node:crypto';

/**
 * Which shard a sample belongs to, from 1: the first 48 bits of the SHA-256 of its name, modulo the
 * number of shards. It rests on the name alone, so that a listing that changed moves no other sample.
 *
 * @param name as it stands in results
 */
export function shardOfName(name: string, of: number): number {
  return (Number.parseInt(hash('sha256', name).slice(0, 12), 16) % of) + 1;
}

/** Whether a sample is of a shard; of none it is in any case. */
export function isOfShard(
  shard: { readonly index: number; readonly of: number } | undefined,
  { name }: { readonly name: string },
): boolean {
  return shard === undefined || shardOfName(name, shard.of) === shard.index;
}
