/** What a person's wish changes in a panel at once, on both sides alike; the work that it asks for comes after. */
import { samePhrases, tidyPhrases } from '../phrases';
import type { FromPanel } from '../protocol/panel';
import { askedClasses } from './asked-classes';
import { phrasesInUse, type PanelModel } from './panel-model';
import { hasAllMaps, recall } from './remembered';
import { dropRestingOn, forget } from './what-holds';

export function intended(model: PanelModel, intent: FromPanel): PanelModel {
  switch (intent.kind) {
    case 'chooseMethod':
      return chooseMethod(model, intent.method);
    case 'chooseModel':
      return chooseModel(model, intent.modelId);
    case 'chooseClass':
      return { ...model, chosenClass: intent.index };
    case 'explainClass':
      return explainClass(model, intent.index);
    case 'contrast':
      return contrast(model, intent.index, intent.against);
    case 'usePhrases':
      return usePhrases(model, intent.phrases);
    case 'useAmong': {
      if (JSON.stringify(intent.among) === JSON.stringify(model.among)) return model;
      // What was answered lists the best of others; it stays in sight until there is a new answer.
      const asked = { ...model, among: intent.among, remembered: [] };
      return busy(asked, 'Taking the answers among other classes');
    }
    case 'useWindow': {
      if (!isForThis(model, intent.uri)) return model;
      // Through another window the picture is another one, for every model.
      const { window: chosenWindow } = intent;
      const read = forget(dropRestingOn(model, 'pixels'));
      return busy({ ...read, chosenWindow }, 'Reading the picture anew');
    }
    case 'keepWindow': {
      const read = forget(dropRestingOn(model, 'pixels'));
      return busy({ ...read, chosenWindow: undefined }, 'Reading the picture anew');
    }
    case 'changePicture': {
      const { uri, change } = intent;
      if (!isForThis(model, uri)) return model;
      if (JSON.stringify(change) === JSON.stringify(model.change)) return model;
      const changed = forget(dropRestingOn(model, 'pixels'));
      return busy({ ...changed, change }, 'Explaining the picture as it is now');
    }
    case 'measureStability':
      return busy(model, 'Measuring how stable the map is');
    case 'measureFaithfulness':
      return busy(model, 'Measuring how faithful the map is');
    case 'retry':
      return busy(model, 'Trying again');
    case 'cancel':
      return model.activity.kind === 'busy' ? { ...model, activity: { kind: 'cancelled' } } : model;
    case 'keep':
      return { ...model, isPreview: !intent.kept };
    case 'showFilmstrip': {
      const { shown } = intent;
      return { ...model, filmstrip: model.filmstrip && { ...model.filmstrip, shown } };
    }
    default:
      return model;
  }
}

/** Of a method that was seen before the maps are there at once. */
function chooseMethod(model: PanelModel, method: string): PanelModel {
  if (method === model.method)
    return model.methodByDefault ? { ...model, methodByDefault: false } : model;
  const explained = recall(model.remembered, model.modelId, method);
  const kept = dropRestingOn(model, 'method');
  const chosen = { ...kept, method, methodByDefault: false, explained };
  if (hasAllMaps(chosen)) return { ...chosen, activity: { kind: 'idle' } };
  const name = model.methods.find(({ id }) => id === method)?.name ?? method;
  return busy(chosen, `Explaining with ${name}`);
}

function chooseModel(model: PanelModel, modelId: string): PanelModel {
  if (modelId === model.modelId)
    return model.modelByDefault ? { ...model, modelByDefault: false } : model;
  const name = model.models.find(({ id }) => id === modelId)?.name ?? modelId;
  const chosen = {
    ...dropRestingOn(model, 'model'),
    modelId,
    modelByDefault: false,
    modelIsSetting: true,
  };
  return busy(chosen, `Opening ${name}`);
}

function explainClass(model: PanelModel, index: number): PanelModel {
  const { classified, extraClasses, opened } = model;
  const isListed =
    askedClasses({ ...model, chosenClass: undefined }).includes(index) ||
    classified?.topK.some((score) => score.index === index) === true;
  const label = opened?.labels[index] ?? `class ${index}`;
  return busy(
    isListed ? model : { ...model, extraClasses: [...extraClasses, index] },
    `Explaining ${label}`,
  );
}

/** Without a class to hold it against, the evidence for a class alone. */
function contrast(model: PanelModel, index: number, against: number | undefined): PanelModel {
  if (against === undefined) return { ...model, contrast: undefined, contrasted: undefined };
  const nameOf = (one: number): string => model.opened?.labels[one] ?? `class ${one}`;
  const asked = {
    ...model,
    chosenClass: index,
    contrast: { index, against },
    contrasted: undefined,
  };
  return busy(asked, `Explaining ${nameOf(index)} rather than ${nameOf(against)}`);
}

/** Other phrases are another head: what the model said about the ones before no longer holds. */
function usePhrases(model: PanelModel, typed: readonly string[]): PanelModel {
  const phrases = tidyPhrases(typed);
  if (samePhrases(phrasesInUse(model), phrases)) return model;
  const asked = forget(dropRestingOn({ ...model, phrases }, 'phrases'), model.modelId);
  const opened = asked.opened && { ...asked.opened, labels: phrases };
  return busy({ ...asked, opened }, 'Comparing the picture with the phrases');
}

/** Whether a wish about one picture is about the one that is asked about: the one in sight may be left already. */
function isForThis({ picture, isLeft }: PanelModel, uri: string): boolean {
  return !isLeft && picture?.uri === uri;
}

function busy(model: PanelModel, phrase: string): PanelModel {
  return { ...model, activity: { kind: 'busy', phrase } };
}
