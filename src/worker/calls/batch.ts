/** Explains the samples of a dataset. */
import { ImageSession } from '../../engine/image-program';
import { readingVersion } from '../../shared/picture-reading';
import type { BatchParams, BatchResult, WorkerEvent } from '../../shared/worker-protocol';
import { BatchRun } from '../batch/batch-run';
import {
  explainBestClass,
  explainedInThread,
  explainTogether,
  type ExplainPicture,
} from '../batch/explain-picture';
import type { PicturePool } from '../batch/picture-pool';
import { changedMeanwhile } from '../changed-meanwhile';
import { noticesOf } from '../scores';
import type { Workroom } from '../workroom';
import { checkPhrases, labelsFor } from './explain';

/**
 * Without samples it opens the model only, which tells what its classes are.
 *
 * @param tell receives a `sample` for each sample, in order, whether it could be read or not
 * @throws Failure, EngineError when the model or the method cannot be used at all
 */
export async function batch(
  params: BatchParams,
  room: Workroom,
  tell: (event: WorkerEvent) => void,
): Promise<BatchResult> {
  const { model, method, options, samples } = params;
  checkPhrases(model);
  const { explainer, sha256, assumed } = await room.models.open(
    model,
    model.preprocessing.crop,
    (phrase) => {
      tell({ kind: 'stage', phrase });
    },
  );
  if (params.modelSha256 !== undefined && params.modelSha256 !== sha256) {
    throw changedMeanwhile(model.path);
  }
  const { labels, notices } = labelsFor(model, explainer);
  const { provider, structure, output } = explainer;
  const { kind } = output;
  const found = {
    modelSha256: sha256,
    classes: structure.classes,
    labels,
    output: kind,
    grid: structure.grid,
    assumed,
    notices: [
      ...explainer.notices,
      ...notices,
      ...noticesOf(kind, structure.classes, 'dataset'),
      ...explainer.noticesOf({ method, options }),
    ],
  };
  if (samples.length === 0) return found;
  const kept = await room.results([
    readingVersion,
    explainer.sha256,
    provider,
    model.preprocessing,
    method,
    options,
    // The map is that of the best class, and a single number may have two sides.
    [kind, structure.classes],
  ]);
  const program = explainer.imageProgram({ method, options });
  if (program && provider === 'cpu') {
    const pictures = await room.picturesThrough(program);
    await run(pictures, explainedInThread(structure.grid));
  } else if (program) {
    const session = await ImageSession.open(program, room.settings.threads, provider);
    try {
      await run(room.decoders, explainTogether(session, structure.grid));
    } finally {
      await session.release();
    }
  } else {
    await run(room.decoders, explainBestClass(explainer, { method, options }));
  }
  const unkept = kept.cache?.failure;
  const cacheNotices = unkept === undefined ? kept.notices : [notKept(unkept)];
  return { ...found, notices: [...found.notices, ...cacheNotices] };

  async function run(pictures: PicturePool, explain: ExplainPicture): Promise<void> {
    const batchRun = new BatchRun(params, pictures, explain, kept.cache, kind);
    for await (const result of batchRun.results()) tell({ kind: 'sample', result });
  }
}

function notKept(why: string): string {
  return `Not all results are kept for the next time, since the cache cannot be written: ${why}`;
}
