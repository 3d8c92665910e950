/** Features of many pictures: the next ones are read and decoded while the model runs. */
import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { Failure, failureData } from '../../shared/failure';
import type { Preprocessing } from '../../shared/model';
import type { ProbeSample, SkippedSample } from '../../shared/probe';
import { failureOf } from '../failure-of';
import type { DecodePool } from '../batch/decode-pool';
import { readSample } from '../batch/read-sample';
import type { FeatureCache } from './feature-cache';
import { FeatureRunner } from './feature-runner';
import type { OpenBackbone } from './open-backbone';

export interface Features {
  /** `[samples, dim]`. */
  readonly values: Float32Array;
  /** The samples that could be read, in the order given. */
  readonly samples: readonly ProbeSample[];
  readonly skipped: readonly SkippedSample[];
  readonly computed: number;
  readonly cached: number;
}

export interface ExtractOptions {
  readonly preprocessing: Preprocessing;
  readonly threads: number;
  readonly cache: FeatureCache;
  readonly decoders: DecodePool;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: (done: number, total: number) => void;
}

type Prepared =
  | { readonly kind: 'known'; readonly sha256: string }
  | { readonly kind: 'pixels'; readonly sha256: string; readonly pixels: Float32Array }
  | { readonly kind: 'broken'; readonly reason: string };

/** Pictures under way at once: enough to keep every core decoding, few enough to bound the memory. */
const ahead = 2 * availableParallelism();

/**
 * One picture at a time goes through the model: its graph has batch 1, and on a processor larger
 * batches are no faster (see src/engine/heads/README.md).
 *
 * @throws Failure `cancelled` when the signal says so; what was computed stays in the cache
 */
export async function extractFeatures(
  all: readonly ProbeSample[],
  opened: OpenBackbone,
  options: ExtractOptions,
): Promise<Features> {
  const { cache, signal, onProgress } = options;
  const { dim } = opened.backbone;
  const values = new Float32Array(all.length * dim);
  const samples: ProbeSample[] = [];
  const skipped: SkippedSample[] = [];
  let computed = 0;
  let run: FeatureRunner | undefined;
  const queue: Promise<Prepared>[] = [];
  let next = 0;
  try {
    for (const [index, sample] of all.entries()) {
      if (signal?.aborted === true) {
        throw cancelled(index, all.length);
      }
      for (; next < all.length && queue.length < ahead; next++) {
        const coming = all[next];
        if (coming !== undefined) queue.push(prepare(coming, options));
      }
      const prepared = (await queue.shift()) ?? { kind: 'broken', reason: 'It was not read.' };
      if (prepared.kind === 'broken') {
        skipped.push({ name: sample.name, reason: prepared.reason });
      } else {
        let features = cache.get(prepared.sha256);
        if (features === undefined && prepared.kind === 'pixels') {
          run ??= await FeatureRunner.open(opened, options.threads);
          features = await run.features(prepared.pixels);
          await cache.add(prepared.sha256, features);
          computed++;
        }
        if (features !== undefined) values.set(features, samples.length * dim);
        samples.push(sample);
      }
      onProgress(index + 1, all.length);
    }
  } finally {
    await Promise.all(queue);
    await run?.release();
  }
  return {
    values: values.subarray(0, samples.length * dim),
    samples,
    skipped,
    computed,
    cached: samples.length - computed,
  };
}

async function prepare(
  { path, name }: ProbeSample,
  { cache, decoders, preprocessing }: ExtractOptions,
): Promise<Prepared> {
  try {
    const bytes = await readSample(path);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    if (cache.get(sha256) !== undefined) {
      return { kind: 'known', sha256 };
    }
    const answer = await decoders.decode({ bytes, name, preprocessing, thumbnail: undefined });
    return answer.ok
      ? { kind: 'pixels', sha256, pixels: answer.input.values }
      : { kind: 'broken', reason: answer.failure.message };
  } catch (thrown) {
    return { kind: 'broken', reason: failureData(failureOf(thrown)).message };
  }
}

function cancelled(done: number, total: number): Failure {
  return new Failure(
    'cancelled',
    `Cancelled after ${String(done)} of ${String(total)} pictures.`,
    'Their features are kept: start again, and it goes on from there.',
  );
}
