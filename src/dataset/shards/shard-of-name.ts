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

/** The samples of a shard, in their order; all where there is none. */
export function samplesOf<Sample extends { readonly name: string }>(
  shard: { readonly index: number; readonly of: number } | undefined,
  samples: readonly Sample[],
): readonly Sample[] {
  if (shard === undefined) return samples;
  return samples.filter(({ name }) => shardOfName(name, shard.of) === shard.index);
}
