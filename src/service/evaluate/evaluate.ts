/** Measures how faithful the maps of several methods are, picture by picture. */
import type { Params, Result, Tell } from '../../shared/protocol/calls';
import { openForDataset } from '../batch/open-for-dataset';
import { changedMeanwhile } from '../models/changed-meanwhile';
import { stagesTo } from '../stages';
import type { Workroom } from '../workroom';
import { evaluatePicture } from './evaluate-picture';
import { evaluationPlan } from './evaluation-plan';
import { EvaluationThreads } from './evaluation-threads';

/**
 * @param tell receives a `picture` for each sample, as it is done, whether it could be measured or not
 * @throws Failure, EngineError when the model or a method cannot be used at all
 */
export async function evaluate(
  params: Params<'evaluate'>,
  room: Workroom,
  tell: Tell<'evaluate'>,
): Promise<Result<'evaluate'>> {
  const { samples, ...measured } = params;
  const { sha256, explainer } = await openForDataset(measured.model, room, stagesTo(tell));
  if (measured.modelSha256 !== sha256) throw changedMeanwhile(measured.model.path);
  const methods = new Set(samples.flatMap((sample) => sample.methods)).size;
  const plan = evaluationPlan(explainer, methods, room.settings.threads);
  if (plan.threads === 1) {
    explainer.keepMethods(plan.keptMethods);
    for (const sample of samples)
      tell({ kind: 'picture', record: await evaluatePicture(sample, measured, explainer, room) });
    return { atOnce: plan.threads };
  }
  const threads = new EvaluationThreads(plan, { measured, settings: room.settings });
  try {
    await threads.run(samples, (record) => {
      tell({ kind: 'picture', record });
    });
  } finally {
    await threads.end();
  }
  return { atOnce: plan.threads };
}
