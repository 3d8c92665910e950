/** Which method a model is explained by where nobody names one. */
import type { Explainer } from '../engine/explainer';
import { methods } from '../engine/methods/catalogue';
import { Failure } from '../shared/failure';
import { chooseMethod, defaultMethod, type MethodChoice } from '../shared/method-choice';
import type { ModelDescription } from '../shared/model';
import type { Params, Tell } from '../shared/protocol/calls';
import { stagesTo } from './stages';
import type { Workroom } from './workroom';

/** @throws Failure `model-unreadable` for a manifest that names no method; as opening the model does */
export async function bestMethod(
  { model }: Params<'bestMethod'>,
  room: Workroom,
  tell: Tell<'bestMethod'>,
): Promise<MethodChoice> {
  if (model.method !== undefined && !methods.some(({ info }) => info.id === model.method)) {
    throw new Failure(
      'model-unreadable',
      `The .vit.json of ${model.name} names the method “${model.method}”, and there is none.`,
      `Write one of ${methods.map(({ info }) => info.id).join(', ')}, or leave “method” out.`,
    );
  }
  const { explainer } = await room.models.open(model, model.preprocessing.crop, stagesTo(tell));
  return choiceFor(explainer, model);
}

/** Why maps are by this method, where it stands in for the usual one. */
export function reasonFor(
  explainer: Explainer,
  model: ModelDescription,
  method: string,
): readonly string[] {
  if (method === defaultMethod) return [];
  const { method: best, reason } = choiceFor(explainer, model);
  return best === method && reason !== undefined ? [reason] : [];
}

function choiceFor(explainer: Explainer, { method }: ModelDescription): MethodChoice {
  return chooseMethod(
    method,
    (id) => explainer.obstacleTo(id),
    (id) => methods.find(({ info }) => info.id === id)?.info.name ?? id,
  );
}
