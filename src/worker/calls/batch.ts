/** Explains the samples of a dataset one after another. */
import type { BatchParams, BatchResult, WorkerEvent } from '../../shared/worker-protocol';
import { BatchRun } from '../batch/batch-run';
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
  const { explainer } = await room.models.open(model, model.preprocessing.crop, (phrase) => {
    tell({ kind: 'stage', phrase });
  });
  const { labels, notices } = labelsFor(model, explainer);
  const { sha256, provider, structure } = explainer;
  const found = {
    modelSha256: sha256,
    classes: structure.classes,
    labels,
    grid: structure.grid,
    notices: [...explainer.notices, ...notices],
  };
  if (samples.length === 0) return found;
  const kept = await room.results([sha256, provider, model.preprocessing, method, options]);
  const run = new BatchRun(params, explainer, room.decoders, kept.cache);
  for await (const result of run.results()) {
    tell({ kind: 'sample', result });
  }
  return { ...found, notices: [...found.notices, ...kept.notices] };
}
