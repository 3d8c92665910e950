/** Explains samples of a dataset. */
import { checkAmong } from '../../shared/among';
import { readingVersion } from '../../shared/picture-reading';
import type { Result, Tell } from '../../shared/protocol/calls';
import { changedMeanwhile } from '../models/changed-meanwhile';
import { stagesTo } from '../stages';
import type { Workroom } from '../workroom';
import { BatchRun, type BatchWork } from './batch-run';
import { openForDataset } from './open-for-dataset';

/**
 * @param tell receives a `sample` for each sample, in order, whether it could be read or not
 * @throws Failure, EngineError when the model or the method cannot be used at all
 */
export async function batch(
  params: BatchWork,
  room: Workroom,
  tell: Tell<'batch'>,
): Promise<Result<'batch'>> {
  const { model, method, options, modelSha256 } = params;
  const opened = await openForDataset(model, room, stagesTo(tell));
  if (modelSha256 !== opened.sha256) throw changedMeanwhile(model.path);
  const { sha256, provider, structure, output } = opened.explainer;
  if (params.among) checkAmong(output.kind, structure.classes, params.among);
  const { cache, notices } = await room.results.of(room.settings.cacheFolder, [
    readingVersion,
    sha256,
    provider,
    model.preprocessing,
    method,
    options,
    // The map is that of the best class, and a single number may have two sides.
    [output.kind, structure.classes],
  ]);
  const { pictures, explain } = await room.dataset.through(
    opened,
    { method, options },
    room.settings.threads,
  );
  const run = new BatchRun(params, pictures, explain, cache, output.kind);
  for await (const result of run.results()) tell({ kind: 'sample', result });
  return { notices: cache?.failure === undefined ? notices : [notKept(cache.failure)] };
}

function notKept(why: string): string {
  return `Not all results are kept for the next time, since the cache cannot be written: ${why}`;
}
