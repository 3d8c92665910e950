/** One pass over samples: pictures are taken in several at a time, and answered in order. */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { thumbnailFile } from '../../dataset/thumbnail-file';
import { markUsed } from '../../engine/cache/mark-used';
import { reportDamage } from '../../engine/cache/report-damage';
import { unsealBytes } from '../../engine/cache/sealed-bytes';
import { EngineError } from '../../engine/engine-error';
import { largest, readRegular } from '../../engine/files/regular-file';
import { Failure, failureFrom } from '../../shared/failure';
import type { OutputKind } from '../../shared/output-kind';
import type { SampleResult } from '../../shared/sample-result';
import { mapAhead } from '../../shared/map-ahead';
import type { BatchParams, BatchSample } from '../../shared/protocol/dataset';
import { orientationOf } from '../pictures/orientation';
import type { ExplainPicture } from './explain-picture';
import type { PictureJob, SeenPicture } from './picture-job';
import type { PicturePool } from './picture-pool';
import { readSample } from './read-sample';
import type { CachedResult, ResultCache } from './result-cache';
import { sampleLine } from './sample-line';

/** Pictures under way at once, for each thread: enough to keep it busy, few enough to bound the memory. */
const aheadPerThread = 8;

/** What comes as a call, with samples that may still be on their way. */
export type BatchWork = Omit<BatchParams, 'samples'> & {
  readonly samples: Iterable<BatchSample> | AsyncIterable<BatchSample>;
};

type Arrival =
  /** `seen` is left out where the result is known. */
  | {
      readonly kind: 'read';
      readonly sha256: string;
      /** How the picture lies in its file; asked of annotated ones only. */
      readonly orientation: number;
      readonly seen: SeenPicture | undefined;
    }
  | { readonly kind: 'broken'; readonly failure: Failure }
  /** Nothing can be explained. */
  | { readonly kind: 'stopped'; readonly thrown: unknown };

export class BatchRun {
  constructor(
    private readonly params: BatchWork,
    private readonly pictures: PicturePool,
    private readonly explain: ExplainPicture,
    private readonly cache: ResultCache | undefined,
    /** What the model's numbers mean. */
    private readonly kind: OutputKind,
  ) {}

  /** @throws Failure, EngineError when the model or the method cannot be used at all */
  async *results(): AsyncGenerator<SampleResult> {
    const most = aheadPerThread * this.pictures.size;
    const arrivals = mapAhead(this.params.samples, most, (sample) => this.arrival(sample));
    for await (const [sample, arrived] of arrivals) yield await this.resultOf(sample, arrived);
  }

  /** A failure is a value here: nobody awaits this promise before its turn. */
  private async arrival(sample: BatchSample): Promise<Arrival> {
    try {
      const bytes = await readSample(sample.path);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const orientation = sample.annotation === undefined ? 1 : await orientationOf(bytes);
      const thumbnail = await this.missingThumbnail(sha256);
      const isKnown = thumbnail === undefined && (await this.cache?.get(sha256)) !== undefined;
      if (isKnown) return { kind: 'read', sha256, orientation, seen: undefined };
      const answer = await this.pictures.run(this.job(bytes, sample, thumbnail));
      if (answer.ok) return { kind: 'read', sha256, orientation, seen: answer.seen };
      const failure = failureFrom(answer.failure);
      // Where one small picture cannot be kept, none can.
      return answer.fault === 'model' || failure.code === 'cache-unwritable'
        ? { kind: 'stopped', thrown: failure }
        : { kind: 'broken', failure };
    } catch (thrown) {
      return thrown instanceof Failure
        ? { kind: 'broken', failure: thrown }
        : { kind: 'stopped', thrown };
    }
  }

  private job(
    bytes: PictureJob['bytes'],
    sample: BatchSample,
    thumbnail: PictureJob['thumbnail'],
  ): PictureJob {
    const { preprocessing } = this.params.model;
    return { bytes, name: path.basename(sample.path), preprocessing, thumbnail };
  }

  private async resultOf(sample: BatchSample, arrived: Arrival): Promise<SampleResult> {
    if (arrived.kind === 'stopped') throw arrived.thrown;
    if (arrived.kind === 'broken') return brokenLine(sample, arrived.failure);
    const { sha256, orientation, seen } = arrived;
    const known = await this.cache?.get(sha256);
    if (known) return this.lineOf(sample, sha256, orientation, known);
    // Known when it was looked for, and gone since: another process has cleared the cache.
    if (!seen) return this.resultOf(sample, await this.arrival(sample));
    try {
      const result = await this.explain(seen);
      await this.cache?.add(sha256, result);
      return await this.lineOf(sample, sha256, orientation, result);
    } catch (thrown) {
      // Other samples may fare better.
      if (thrown instanceof EngineError && thrown.code === 'not-finite')
        return brokenLine(sample, thrown);
      throw thrown;
    }
  }

  /** A mask that cannot be read is a fault of this sample alone. */
  private async lineOf(
    sample: BatchSample,
    sha256: string,
    orientation: number,
    result: CachedResult,
  ): Promise<SampleResult> {
    try {
      const { kind, params } = this;
      return await sampleLine(sample, sha256, result, orientation, { kind, among: params.among });
    } catch (thrown) {
      if (thrown instanceof Failure) return brokenLine(sample, thrown);
      throw thrown;
    }
  }

  private async missingThumbnail(sha256: string): Promise<PictureJob['thumbnail']> {
    const { thumbnails } = this.params;
    if (thumbnails === undefined) return undefined;
    const file = thumbnailFile(thumbnails.folder, sha256);
    await markUsed(file);
    return (await isWhole(file)) ? undefined : { file, side: thumbnails.side };
  }
}

function brokenLine(
  { name, label }: BatchSample,
  { code, message }: Pick<Failure, 'code' | 'message'>,
): SampleResult {
  return { ok: false, name, ...(label === undefined ? {} : { label }), code, message };
}

async function isWhole(file: string): Promise<boolean> {
  const bytes = await readRegular(file, largest.picture).catch(() => undefined);
  if (bytes === undefined) return false;
  if (unsealBytes(bytes) !== undefined) return true;
  reportDamage(file, 'it is not as it was written');
  return false;
}
