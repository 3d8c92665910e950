/** Which shard a sample belongs to, what a listing is known by, and what belongs together. */
import { describe, expect, it } from 'vitest';
import {
  checkListing,
  lackingShards,
  shardDifference,
} from '../../src/dataset/shards/check-shards';
import { listingHash } from '../../src/dataset/shards/listing-hash';
import { isOfShard, shardOfName } from '../../src/dataset/shards/shard-of-name';

const names = Array.from(
  { length: 10_000 },
  (_, index) => `class ${index % 50}/picture-${index}.jpg`,
);
const shardsOf = (some: readonly string[], of: number) =>
  new Map(some.map((name) => [name, shardOfName(name, of)]));

describe('the shard of a name', () => {
  it('is the same everywhere and for ever', () => {
    // Python: int(hashlib.sha256(name.encode()).hexdigest()[:12], 16) % 1000 + 1
    const strange = ['dog/dog.jpg', 'Straße/Tür 🚪.png', ''];
    expect(strange.map((name) => shardOfName(name, 1000))).toEqual([597, 532, 125]);
  });

  it('parts the samples: each in one shard, all of a size', () => {
    for (const of of [1, 2, 7, 8, 64]) {
      const counts = new Map<number, number>();
      for (const shard of shardsOf(names, of).values())
        counts.set(shard, (counts.get(shard) ?? 0) + 1);
      expect([...counts.keys()].sort((a, b) => a - b)).toEqual(
        Array.from({ length: of }, (_, place) => place + 1),
      );
      // Counts of a fair draw: chi-squared has a mean of of − 1 and a variance of twice that.
      const mean = names.length / of;
      const chi = [...counts.values()].reduce((sum, n) => sum + (n - mean) ** 2 / mean, 0);
      expect(chi).toBeLessThan(of - 1 + 5 * Math.sqrt(2 * of));
    }
    const samples = names.slice(0, 100).map((name) => ({ name }));
    const parts = [1, 2, 3].map((index) =>
      samples.filter((sample) => isOfShard({ index, of: 3 }, sample)),
    );
    expect(new Set(parts.flat())).toEqual(new Set(samples));
    expect(parts.flat()).toHaveLength(samples.length);
  });

  it('rests on nothing but the name: whatever else is added or goes, it stays', () => {
    const before = shardsOf(names, 8);
    const after = shardsOf(['a new one.jpg', ...names.filter((_, index) => index % 3 > 0)], 8);
    for (const [name, shard] of after) expect(before.get(name) ?? shard).toBe(shard);
  });

  it('is all samples where no part was asked for', () => {
    expect(isOfShard(undefined, { name: 'a' })).toBe(true);
  });
});

describe('the hash of a listing', () => {
  const some = [
    { name: 'a.jpg', label: 'cat' },
    { name: 'b.jpg', label: 'dog' },
    { name: 'c.jpg' },
  ];
  const [a = { name: '' }, b = { name: '' }, c = { name: '' }] = some;

  it('is the same in any order', () => {
    expect(listingHash(some)).toMatch(/^[0-9a-f]{64}$/);
    expect(listingHash([c, a, b])).toBe(listingHash(some));
    expect(listingHash([])).toBe('0'.repeat(64));
  });

  it('tells another name, another label, one more and one twice', () => {
    const others = [
      [a, b],
      [a, b, c, c],
      [a, a, a],
      [b, b, a],
      [a, { ...b, label: 'cat' }, c],
      [{ ...a, label: undefined }, b, c],
      [{ ...a, name: 'A.jpg' }, b, c],
      [{ name: 'a.jpgcat', label: '' }, b, c],
    ];
    const hashes = [some, ...others].map(listingHash);
    expect(new Set(hashes).size).toBe(hashes.length);
  });
});

describe('shards', () => {
  const listing = listingHash([{ name: 'a' }]);
  const file = (index: number, whole = true, of = 4) => ({
    file: `${index}.jsonl`,
    header: { shard: { index, of, program: '1.0.0' } },
    ...(whole && { complete: { samples: 1, listing } }),
  });
  const wholeRun = { file: 'all.jsonl', header: {} };

  it('name what is lacking', () => {
    expect(lackingShards([1, 2, 3, 4].map((index) => file(index)))).toEqual([]);
    expect(lackingShards([file(1), file(2, false), file(4, false)])).toEqual([
      'Shard 3 of 4 is missing.',
      'Shard 2 of 4 is unfinished: 2.jsonl.',
      'Shard 4 of 4 is unfinished: 4.jsonl.',
    ]);
    expect(lackingShards([file(2)])).toEqual(['Shards 1, 3 and 4 of 4 are missing.']);
    // One copy of it that is whole is enough.
    expect(lackingShards([file(1, false), file(1), file(2), file(3), file(4)])).toEqual([]);
  });

  it('are lacking nothing beside a file of the whole run', () => {
    expect(lackingShards([wholeRun, file(1)])).toEqual([]);
    expect(lackingShards([wholeRun])).toEqual([]);
  });

  it('differ by number, version and listing', () => {
    expect(shardDifference(file(1), file(2))).toBeUndefined();
    expect(shardDifference(file(1), wholeRun)).toBeUndefined();
    expect(shardDifference(file(1), file(2, true, 5))).toMatch(/number of shards/);
    const newer = { ...file(2), header: { shard: { index: 2, of: 4, program: '1.0.1' } } };
    expect(shardDifference(file(1), newer)).toMatch(/version/);
    const other = { ...file(2), complete: { samples: 1, listing: listingHash([{ name: 'b' }]) } };
    expect(shardDifference(file(1), other)).toMatch(/list of samples/);
    expect(shardDifference(file(1, false), other)).toBeUndefined();
  });

  it('hold together what they say', () => {
    expect(() => checkListing([file(1)], listing)).not.toThrow();
    expect(() => checkListing([wholeRun], listingHash([{ name: 'x' }]))).not.toThrow();
    for (const samples of [[{ name: 'b' }], [], [{ name: 'a', label: 'x' }]])
      expect(() => checkListing([file(1)], listingHash(samples))).toThrow(/not those of the list/);
  });
});
