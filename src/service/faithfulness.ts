/** Measures how faithful the map of one class of one image is. */
import { classSensitivity } from '../engine/measure/class-sensitivity';
import { completenessError } from '../engine/measure/completeness';
import { measureFaithfulness } from '../engine/measure/faithfulness';
import { MaskedAnswers } from '../engine/measure/masked-answers';
import { methodOf } from '../engine/methods/catalogue';
import { ranking } from '../engine/outputs/probabilities';
import type { Heatmap, Targets } from '../shared/explanation';
import type { Faithfulness } from '../shared/faithfulness';
import type { Tell } from '../shared/protocol/calls';
import type { ExplainResult } from '../shared/protocol/explain';
import type { FaithfulnessParams } from '../shared/protocol/faithfulness';
import { explain } from './explain';
import { stagesTo } from './stages';
import type { Workroom } from './workroom';

/**
 * @param tell receives a `stage` for each step, and `progress` for the forward runs
 * @throws Failure, EngineError
 */
export async function faithfulness(
  params: FaithfulnessParams,
  room: Workroom,
  tell: Tell<'faithfulness'>,
): Promise<Faithfulness> {
  const { image, model, method, options, measuring } = params;
  const stage = stagesTo(tell);
  const map = await mapOf(params, params.targets, room, stage);
  const { key: inputKey, input } = await room.inputs.prepare(image, model.preprocessing);
  const size = [input.shape[2], input.shape[3]] as const;
  const { key: modelKey, explainer } = await room.models.open(model, size, stage);
  const picture = `${modelKey} ${inputKey}`;
  const { index, against } = map;
  const target = { index, ...(against !== undefined && { against }) };
  const key = JSON.stringify([picture, method, options, target, measuring]);
  const known = room.faithfulness.get(key);
  if (known) return known;

  const classified =
    room.classified.get(picture) ?? (await explainer.classify(input.values, { method, options }));
  stage('Measuring how faithful the map is');
  const answersKey = `${picture} ${measuring.removal}`;
  const answers =
    room.maskedAnswers.get(answersKey) ?? new MaskedAnswers(classified, measuring.removal);
  const [measured] = await measureFaithfulness(
    explainer,
    answers,
    target,
    [map],
    measuring,
    (done, total) => {
      tell({ kind: 'progress', done, total });
    },
  );
  room.maskedAnswers.set(answersKey, answers);
  if (!measured) throw new Error('one map was measured');
  const next = ranking(classified.logits, explainer.output.kind).find(
    (index) => index !== target.index,
  );
  const sensitivity =
    next === undefined || against !== undefined || explainer.output.kind === 'value'
      ? undefined
      : methodOf(method).info.classSpecific
        ? classSensitivity(
            map,
            await mapOf(params, { classes: [next] }, room, stage),
            explainer.structure.grid,
          )
        : 0;
  const call = { method, options };
  const incomplete = await completenessError(explainer, classified, call, target, map);
  const result = {
    ...measured,
    ...(sensitivity !== undefined && { classSensitivity: sensitivity }),
    ...(incomplete !== undefined && { completenessError: incomplete }),
  };
  room.faithfulness.set(key, result);
  return result;
}

async function mapOf(
  { image, model, method, options }: FaithfulnessParams,
  targets: Targets,
  room: Workroom,
  stage: (phrase: string) => void,
): Promise<Heatmap> {
  const result: ExplainResult = await explain(
    { image, model, method, options, targets: only(targets), listed: 1, stability: false },
    room,
    (event) => {
      if (event.kind === 'stage') stage(event.phrase);
    },
  );
  const [map] = result.heatmaps;
  if (!map) throw new Error('one class was explained');
  return map;
}

function only(targets: Targets): Targets {
  if ('topK' in targets) return { topK: 1 };
  return 'classes' in targets ? { classes: targets.classes.slice(0, 1) } : targets;
}
