/** The features of a dataset under one backbone, from the cache where they were computed before. */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { featureProgram } from '../../engine/heads/feature-program';
import type { ModelDescription } from '../../shared/model';
import { readingVersion } from '../../shared/picture-reading';
import { remarkKinds, remarkOfMany } from '../../shared/picture-remark';
import type { ProbeSample } from '../../shared/probe';
import type { Tell } from '../../shared/protocol/calls';
import type { Workroom } from '../workroom';
import { extractFeatures, type Features } from './extract-features';
import { FeatureCache } from './feature-cache';
import type { OpenBackbone } from './open-backbone';

/** Part of the cache key: raise it when features change for another reason than their model. */
const featureVersion = 4;
/** Between two reports of progress, in milliseconds. */
const betweenReports = 200;

export interface CachedFeatures extends Features {
  readonly seconds: number;
  readonly notices: readonly string[];
}

/** @throws Failure `cancelled` */
export async function cachedFeatures(
  samples: readonly ProbeSample[],
  opened: OpenBackbone,
  { preprocessing }: Pick<ModelDescription, 'preprocessing'>,
  room: Workroom,
  tell: Tell<'trainProbe'>,
  signal: AbortSignal | undefined,
): Promise<CachedFeatures> {
  const { cacheFolder } = room.settings;
  const { dim } = opened.backbone;
  const key = createHash('sha256')
    .update(JSON.stringify([featureVersion, readingVersion, opened.sha256, preprocessing, dim]))
    .digest('hex');
  const cache = await FeatureCache.open(path.join(cacheFolder, 'features', key.slice(0, 32)), dim);
  let notice: string | undefined;
  const start = performance.now();
  let reported = 0;
  tell({ kind: 'stage', phrase: 'Computing features' });
  let result: Features;
  try {
    result = await extractFeatures(samples, {
      preprocessing,
      dim,
      cache,
      pictures: await room.threads.through(featureProgram(opened.backbone), room.settings.threads),
      signal,
      onProgress: (done, total) => {
        if (done < total && performance.now() - reported < betweenReports) return;
        reported = performance.now();
        tell({ kind: 'progress', done, total });
      },
    });
  } finally {
    notice = await cache.close();
  }
  return {
    ...result,
    seconds: (performance.now() - start) / 1000,
    notices: [...(notice === undefined ? [] : [notice]), ...remarkSentences(result)],
  };
}

function remarkSentences({ remarks }: Features): readonly string[] {
  return remarkKinds.flatMap((kind) => {
    const count = remarks.get(kind);
    return count === undefined ? [] : [remarkOfMany(kind, count)];
  });
}
