/** Explains the samples of a dataset. */
import type { Explainer } from '../../engine/explainer';
import { ImageSession } from '../../engine/image-program';
import type { ModelDescription } from '../../shared/model';
import { comparesPhrases } from '../../shared/phrases';
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
import { changedMeanwhile } from '../models/changed-meanwhile';
import { noticesOf, sidesOf } from '../scores';
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
  const open = (described: ModelDescription) =>
    room.models.open(described, model.preprocessing.crop, (phrase) => {
      tell({ kind: 'stage', phrase });
    });
  const asItIs = await open(model);
  const { sha256, assumed } = asItIs;
  if (params.modelSha256 !== undefined && params.modelSha256 !== sha256)
    throw changedMeanwhile(model.path);
  const found = labelsFor(model, asItIs.explainer);
  const sides = comparesPhrases(model) ? undefined : bothSides(asItIs.explainer, found.labels);
  const { labels, notices } = sides === undefined ? found : { ...found, labels: sides };
  const { explainer } = sides === undefined ? asItIs : await open({ ...model, labels: sides });
  const { provider, structure, output } = explainer;
  const { kind } = output;
  const about = {
    modelSha256: sha256,
    classes: structure.classes,
    labels,
    output: kind,
    oneSideNamed: sides !== undefined,
    grid: structure.grid,
    assumed,
    notices: [
      ...explainer.notices,
      ...notices,
      ...noticesOf(kind, structure.classes, 'dataset'),
      ...explainer.noticesOf({ method, options }),
    ],
  };
  if (samples.length === 0) return about;
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
  return { ...about, notices: [...about.notices, ...cacheNotices] };

  async function run(pictures: PicturePool, explain: ExplainPicture): Promise<void> {
    const batchRun = new BatchRun(params, pictures, explain, kept.cache, kind);
    for await (const result of batchRun.results()) tell({ kind: 'sample', result });
  }
}

/** Of a model that gives the probability of one class alone: its name, and one for all else. */
function bothSides(
  { structure, output }: Explainer,
  [name]: readonly string[],
): readonly [string, string] | undefined {
  return structure.classes === 1 && output.kind !== 'value' && name !== undefined
    ? sidesOf(name)
    : undefined;
}

function notKept(why: string): string {
  return `Not all results are kept for the next time, since the cache cannot be written: ${why}`;
}
