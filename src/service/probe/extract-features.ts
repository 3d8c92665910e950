/** Features of many pictures, several at a time. */
import { createHash } from 'node:crypto';
import { Failure, failureFrom } from '../../shared/failure';
import type { Preprocessing } from '../../shared/preprocessing';
import type { RemarkKind } from '../../shared/picture-remark';
import type { ProbeSample, SkippedSample } from '../../shared/probe';
import { failureDataOf } from '../failure-data-of';
import type { PicturePool } from '../batch/picture-pool';
import { readSample } from '../batch/read-sample';
import type { FeatureCache } from './feature-cache';

export interface Features {
  /** `[samples, dim]`. */
  readonly values: Float32Array;
  /** The samples that could be read, in the order given. */
  readonly samples: readonly ProbeSample[];
  readonly skipped: readonly SkippedSample[];
  /** What a person should know of how they were read, and of how many it is true. */
  readonly remarks: ReadonlyMap<RemarkKind, number>;
  readonly computed: number;
  readonly cached: number;
}

export interface ExtractOptions {
  readonly preprocessing: Preprocessing;
  /** Length of a picture's features. */
  readonly dim: number;
  readonly cache: FeatureCache;
  /** Threads that run the backbone. */
  readonly pictures: PicturePool;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: (done: number, total: number) => void;
}

type Prepared =
  | { readonly kind: 'known'; readonly sha256: string }
  | {
      readonly kind: 'new';
      readonly sha256: string;
      readonly features: Float32Array;
      readonly remarks: readonly RemarkKind[];
    }
  | { readonly kind: 'broken'; readonly reason: string }
  | { readonly kind: 'stopped'; readonly failure: Failure };

/** Pictures under way at once, for each thread: enough to keep it busy, few enough to bound the memory. */
const aheadPerThread = 8;

/**
 * A picture at a time goes through each session: the graph has batch 1, and on a processor larger
 * batches are no faster (see src/engine/heads/README.md).
 *
 * @throws Failure `cancelled` when the signal says so, and what opening the model throws; what was
 *   computed stays in the cache
 */
export async function extractFeatures(
  all: readonly ProbeSample[],
  options: ExtractOptions,
): Promise<Features> {
  const { cache, dim, pictures, signal, onProgress } = options;
  const values = new Float32Array(all.length * dim);
  const samples: ProbeSample[] = [];
  const skipped: SkippedSample[] = [];
  const remarks = new Map<RemarkKind, number>();
  let computed = 0;
  const queue: Promise<Prepared>[] = [];
  let next = 0;
  try {
    for (const [index, sample] of all.entries()) {
      if (signal?.aborted === true) throw cancelled(index, all.length);
      for (; next < all.length && queue.length < aheadPerThread * pictures.size; next++) {
        const coming = all[next];
        if (coming !== undefined) queue.push(prepare(coming, options));
      }
      const prepared = (await queue.shift()) ?? { kind: 'broken', reason: 'It was not read.' };
      if (prepared.kind === 'stopped') throw prepared.failure;
      if (prepared.kind === 'broken') {
        skipped.push({ name: sample.name, reason: prepared.reason });
      } else {
        let features = cache.get(prepared.sha256);
        if (features === undefined && prepared.kind === 'new') {
          ({ features } = prepared);
          await cache.add(prepared.sha256, features, prepared.remarks);
          computed++;
        }
        if (features !== undefined) values.set(features, samples.length * dim);
        samples.push(sample);
        for (const kind of cache.remarksOn(prepared.sha256))
          remarks.set(kind, (remarks.get(kind) ?? 0) + 1);
      }
      onProgress(index + 1, all.length);
    }
  } finally {
    await Promise.all(queue);
  }
  return {
    values: values.subarray(0, samples.length * dim),
    samples,
    skipped,
    remarks,
    computed,
    cached: samples.length - computed,
  };
}

async function prepare(
  { path, name }: ProbeSample,
  { cache, pictures, preprocessing }: ExtractOptions,
): Promise<Prepared> {
  try {
    const bytes = await readSample(path);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    if (cache.get(sha256) !== undefined) return { kind: 'known', sha256 };
    const answer = await pictures.run({ bytes, name, preprocessing, thumbnail: undefined });
    if (!answer.ok) {
      return answer.fault === 'model'
        ? { kind: 'stopped', failure: failureFrom(answer.failure) }
        : { kind: 'broken', reason: answer.failure.message };
    }
    const { values, remarks } = answer.seen;
    const [features] = values;
    return features
      ? { kind: 'new', sha256, features: features.data, remarks }
      : { kind: 'broken', reason: 'The backbone gave no features.' };
  } catch (thrown) {
    return { kind: 'broken', reason: failureDataOf(thrown).message };
  }
}

function cancelled(done: number, total: number): Failure {
  return new Failure(
    'cancelled',
    `Cancelled after ${String(done)} of ${String(total)} pictures.`,
    'Their features are kept: start again, and it goes on from there.',
  );
}
