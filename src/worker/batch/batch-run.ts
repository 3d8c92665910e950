/** One pass over samples: pictures are read and decoded ahead, the model takes them in order. */
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { packMap } from '../../dataset/pack-map';
import type { Explainer } from '../../engine/explainer';
import { Failure, failureFrom } from '../../shared/failure';
import type { SampleResult } from '../../shared/sample-result';
import type { BatchParams, BatchSample } from '../../shared/worker-protocol';
import { ranking } from '../scores';
import type { DecodedInput, DecodeJob } from './decode-job';
import type { DecodePool } from './decode-pool';
import { patchSums } from './patch-sums';
import { readSample } from './read-sample';
import type { CachedResult, ResultCache } from './result-cache';
import { sampleLine } from './sample-line';
import { thumbnailFile } from '../../dataset/thumbnail-file';

/** Pictures that are read or decoded while the model is at the one before them, for each thread. */
const AHEAD_PER_THREAD = 8;

/** A picture on its way to the model. */
interface Arrival {
  readonly sha256: string;
  /** Left out where the result is known. */
  readonly input: DecodedInput | undefined;
}

export class BatchRun {
  constructor(
    private readonly params: BatchParams,
    private readonly explainer: Explainer,
    private readonly decoders: DecodePool,
    private readonly cache: ResultCache | undefined,
  ) {}

  /** @throws Failure, EngineError when the model or the method cannot be used at all */
  async *results(): AsyncGenerator<SampleResult> {
    const { samples } = this.params;
    const ahead: Promise<Arrival | Failure>[] = [];
    let next = 0;
    for (const sample of samples) {
      while (next < samples.length && ahead.length <= AHEAD_PER_THREAD * this.decoders.size) {
        const upcoming = samples[next++];
        if (upcoming) ahead.push(this.arrival(upcoming));
      }
      const arrived = await ahead.shift();
      if (arrived) yield await this.resultOf(sample, arrived);
    }
  }

  /** A failure is a value here: nobody awaits this promise before its turn. */
  private async arrival(sample: BatchSample): Promise<Arrival | Failure> {
    try {
      const bytes = await readSample(sample.path);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const thumbnail = await this.missingThumbnail(sha256);
      const isKnown = thumbnail === undefined && (await this.cache?.get(sha256)) !== undefined;
      return { sha256, input: isKnown ? undefined : await this.decode(bytes, sample, thumbnail) };
    } catch (thrown) {
      if (thrown instanceof Failure) return thrown;
      throw thrown;
    }
  }

  private async decode(
    bytes: DecodeJob['bytes'],
    sample: BatchSample,
    thumbnail: DecodeJob['thumbnail'],
  ): Promise<DecodedInput> {
    const name = path.basename(sample.path);
    const { preprocessing } = this.params.model;
    const answer = await this.decoders.decode({ bytes, name, preprocessing, thumbnail });
    if (answer.ok) return answer.input;
    throw failureFrom(answer.failure);
  }

  private async resultOf(sample: BatchSample, arrived: Arrival | Failure): Promise<SampleResult> {
    if (arrived instanceof Failure) {
      const { name, label } = sample;
      const { code, message } = arrived;
      return { ok: false, name, ...(label === undefined ? {} : { label }), code, message };
    }
    const { sha256, input } = arrived;
    const known = await this.cache?.get(sha256);
    if (known) return sampleLine(sample, sha256, known);
    const decoded = input ?? (await this.decode(await readSample(sample.path), sample, undefined));
    const result = await this.explain(decoded);
    await this.cache?.add(sha256, result);
    return sampleLine(sample, sha256, result);
  }

  private async explain({ values, window }: DecodedInput): Promise<CachedResult> {
    const { method, options } = this.params;
    const { grid } = this.explainer.structure;
    const call = { method, options };
    const together = await this.explainer.classifyWithMap(values, call);
    if (together) {
      const map = packMap(patchSums(together.maps, together.shape, grid), ...grid);
      return { logits: together.logits, map, window };
    }
    const classified = await this.explainer.classify(values, call);
    const best = ranking(classified.logits).slice(0, 1);
    const { maps, shape } = await this.explainer.explain(classified, method, options, best);
    const map = packMap(patchSums(maps, shape, grid), ...grid);
    return { logits: classified.logits, map, window };
  }

  private async missingThumbnail(sha256: string): Promise<DecodeJob['thumbnail']> {
    const { thumbnails } = this.params;
    if (thumbnails === undefined) return undefined;
    const file = thumbnailFile(thumbnails.folder, sha256);
    return (await exists(file)) ? undefined : { file, side: thumbnails.side };
  }
}

async function exists(file: string): Promise<boolean> {
  try {
    return (await stat(file)).size > 0;
  } catch {
    return false;
  }
}
