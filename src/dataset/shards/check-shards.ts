/** Whether files are the shards of one run, and all of them. */
import { Failure } from '../../shared/failure';
import type { Shard } from '../../shared/shard';
import type { Completion } from './closing-line';

export interface ShardFile {
  readonly file: string;
  readonly header: { readonly shard?: Shard | undefined };
  readonly complete?: Completion | undefined;
}

/** What two files of one run have in common beyond their headers; undefined where they do. */
export function shardDifference(
  a: Omit<ShardFile, 'file'>,
  b: Omit<ShardFile, 'file'>,
): string | undefined {
  const [one, other] = [a.header.shard, b.header.shard];
  if (one !== undefined && other !== undefined) {
    if (one.of !== other.of) return 'the number of shards';
    if (one.program !== other.program) return 'the version of vit-explain';
  }
  const listings = [a.complete?.listing, b.complete?.listing];
  if (listings.includes(undefined) || listings[0] === listings[1]) return undefined;
  return 'the list of samples and labels';
}

/** Why a file cannot be gone on with as this shard; undefined where it can. */
export function otherShard(
  { shard: now }: ShardFile['header'],
  { shard: before }: ShardFile['header'],
): string | undefined {
  if (now?.index !== before?.index || now?.of !== before?.of) return 'which shard it is';
  return now?.program === before?.program ? undefined : 'the version of vit-explain';
}

/**
 * What is lacking of a run's shards, in sentences; nothing where one of the files is of the whole run.
 *
 * @param files that belong together
 */
export function lackingShards(files: readonly ShardFile[]): readonly string[] {
  const shards = files.flatMap(({ header: { shard }, complete, file }) =>
    shard === undefined ? [] : [{ ...shard, whole: complete !== undefined, file }],
  );
  const [first] = shards;
  if (first === undefined || shards.length < files.length) return [];
  const { of } = first;
  const wholes = new Set(shards.filter(({ whole }) => whole).map(({ index }) => index));
  const begun = new Map(shards.map(({ index, file }) => [index, file]));
  const all = Array.from({ length: of }, (_, place) => place + 1);
  const missing = all.filter((index) => !begun.has(index));
  const unfinished = all.filter((index) => begun.has(index) && !wholes.has(index));
  return [
    ...(missing.length === 0
      ? []
      : [`${shardsInWords(missing)} of ${of} ${missing.length === 1 ? 'is' : 'are'} missing.`]),
    ...unfinished.map((index) => `Shard ${index} of ${of} is unfinished: ${begun.get(index)}.`),
  ];
}

/**
 * Whether what the shards hold together is the listing that they speak of.
 *
 * @param listing hash of the samples that they hold
 * @throws Failure `dataset-unusable`
 */
export function checkListing(files: readonly ShardFile[], listing: string): void {
  const stated = files.find(({ complete }) => complete !== undefined)?.complete?.listing;
  if (stated === undefined || stated === listing) return;
  throw new Failure(
    'dataset-unusable',
    'The shards say that they are whole, but their samples are not those of the list that they were made of.',
    'A file was changed since it was written: run the shards again.',
  );
}

export function shardsInWords(indices: readonly number[]): string {
  if (indices.length === 1) return `Shard ${indices[0] ?? ''}`;
  return `Shards ${indices.slice(0, -1).join(', ')} and ${indices.at(-1) ?? ''}`;
}
