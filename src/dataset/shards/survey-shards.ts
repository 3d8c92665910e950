/** Which shards of a run are there, which are lacking, and which are of another run. */
import type { TaskArray } from '../../shared/shard';
import { evaluationDifference } from '../evaluation/evaluation-file';
import { differenceOf } from '../merge-reports';
import { shardDifference } from './check-shards';
import type { ShardHead } from './shard-head';

export type ShardState = 'whole' | 'unfinished' | 'missing' | 'other';

export interface SurveyedShard {
  /** From 1. */
  readonly index: number;
  readonly state: ShardState;
  /** Absent of a missing one. */
  readonly file?: string;
  /** Of one of another run: what differs from the others, as a sentence. */
  readonly why?: string;
  /** Of an unfinished one: when its file was last written to, in milliseconds since 1970. */
  readonly written?: number;
}

export interface ShardSurvey {
  readonly kind: 'batch' | 'evaluation';
  readonly dataset: string;
  readonly of: number;
  /** By index, each once. */
  readonly shards: readonly SurveyedShard[];
  /** Files of a run in another number of shards, or of another command. */
  readonly strangers: readonly string[];
  /** How the tasks that run the shards are numbered; absent where shards were named by hand. */
  readonly array?: TaskArray;
}

/** The run that most of the files are of; ties go to the one whose file comes first. @returns undefined of no files */
export function surveyShards(heads: readonly ShardHead[]): ShardSurvey | undefined {
  const divided = mostCommon(heads, ({ header: { format, shard } }) => `${format} ${shard.of}`);
  const alike = mostCommon(divided, inputsOf);
  const listed = mostCommon(alike, ({ complete }) => complete?.listing);
  const [reference] = listed;
  if (reference === undefined) return undefined;
  const { header } = reference;
  const methods = [...new Set(listed.flatMap(({ complete }) => complete?.methods ?? []))];
  const byIndex = grouped(divided, (head) => head.header.shard.index);
  const array = divided.find((head) => head.header.shard.array !== undefined)?.header.shard.array;
  return {
    kind: header.format === 'vit-explainer-batch' ? 'batch' : 'evaluation',
    dataset: header.dataset,
    of: header.shard.of,
    shards: Array.from({ length: header.shard.of }, (_, place) =>
      stateOf(place + 1, byIndex.get(place + 1) ?? [], reference, methods),
    ),
    strangers: heads.filter((head) => !divided.includes(head)).map(({ file }) => file),
    ...(array && { array }),
  };
}

/** @param files all that say that they are this shard */
function stateOf(
  index: number,
  files: readonly ShardHead[],
  reference: ShardHead,
  methods: readonly string[],
): SurveyedShard {
  const belonging = files.filter((head) => differenceBetween(reference, head) === undefined);
  const wholes = belonging.filter(({ complete }) => complete !== undefined);
  const [whole] = wholes;
  if (whole !== undefined) {
    const { file } = whole;
    const measured = wholes.flatMap(({ complete }) => complete?.methods ?? []);
    const lacking = methods.filter((method) => !measured.includes(method));
    if (lacking.length === 0) return { index, state: 'whole', file };
    return { index, state: 'other', file, why: `It was not measured with ${lacking.join(', ')}.` };
  }
  const [begun] = belonging;
  if (begun !== undefined)
    return { index, state: 'unfinished', file: begun.file, written: begun.written };
  const [other] = files;
  if (other === undefined) return { index, state: 'missing' };
  const difference = differenceBetween(reference, other) ?? '';
  const why = `${difference.charAt(0).toUpperCase()}${difference.slice(1)} differs from ${reference.file}.`;
  return { index, state: 'other', file: other.file, why };
}

function differenceBetween(a: ShardHead, b: ShardHead): string | undefined {
  const ofHeaders =
    a.header.format === 'vit-explainer-batch' && b.header.format === 'vit-explainer-batch'
      ? differenceOf(a.header, b.header)
      : a.header.format === 'vit-explainer-evaluation' &&
          b.header.format === 'vit-explainer-evaluation'
        ? evaluationDifference(a.header, b.header)
        : 'the command';
  return ofHeaders ?? shardDifference(a, b);
}

/**
 * The same of two files where nothing that their headers say makes them different runs; undefined where
 * a header is not complete yet.
 */
function inputsOf({ header }: ShardHead): string | undefined {
  if (header.samples === undefined) return undefined;
  const differing = { shard: undefined, otherFiles: undefined, otherEndings: undefined };
  return JSON.stringify([{ ...header, ...differing }, header.shard.program]);
}

/** Those that share what most of them share; what says nothing of itself does not count, unless all do. */
function mostCommon(
  heads: readonly ShardHead[],
  keyOf: (head: ShardHead) => string | undefined,
): readonly ShardHead[] {
  const [largest] = [...grouped(heads, keyOf).values()].sort((a, b) => b.length - a.length);
  return largest ?? heads;
}

function grouped<Key>(
  heads: readonly ShardHead[],
  keyOf: (head: ShardHead) => Key | undefined,
): ReadonlyMap<Key, readonly ShardHead[]> {
  const groups = new Map<Key, ShardHead[]>();
  for (const head of heads) {
    const key = keyOf(head);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [head]);
    else group.push(head);
  }
  return groups;
}
