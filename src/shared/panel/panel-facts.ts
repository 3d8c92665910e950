/** What comes to be known in a panel, by the work in the extension, and what that changes. */
import type { Activity } from '../activity';
import type { Heatmap, MethodAvailability } from '../explanation';
import { samePhrases, tidyPhrases } from '../phrases';
import type { ExplainResult } from '../protocol/explain';
import { withMeasured, type MeasuredMap } from './measured';
import type {
  Classified,
  DrawnPicture,
  OpenedModel,
  PanelChoices,
  PanelModel,
} from './panel-model';
import { isOf, recall, remember } from './remembered';
import { dropRestingOn, forget, type Basis } from './what-holds';

/** By kind, what is known then. */
interface Facts {
  readonly activity: { readonly activity: Activity };
  /** What the settings and the model say where the person chose nothing. */
  readonly settled: Pick<
    PanelModel,
    'colourMap' | 'modelByDefault' | 'modelIsSetting' | 'methodByDefault'
  > & {
    readonly modelId: string;
    readonly method: string;
  };
  readonly modelNamed: Pick<PanelModel, 'modelIsSetting'>;
  /** A picture is to come; with what was chosen for this one, unless it is said otherwise. */
  readonly moved: { readonly isOther: boolean; readonly choices: Partial<PanelChoices> };
  readonly drawn: { readonly picture: DrawnPicture };
  /** There is nothing to draw of the picture. */
  readonly undrawn: object;
  readonly listed: Pick<PanelModel, 'models' | 'methods'>;
  /** The chosen model, as it calls itself. */
  readonly opened: {
    readonly modelId: string;
    readonly opened: Omit<OpenedModel, 'availability'>;
  };
  readonly available: {
    readonly modelId: string;
    readonly availability: readonly MethodAvailability[];
  };
  readonly classified: { readonly classified: Classified };
  readonly explained: { readonly result: ExplainResult };
  readonly contrasted: {
    readonly modelId: string;
    readonly method: string;
    readonly heatmap: Heatmap;
  };
  readonly measured: { readonly map: MeasuredMap };
  /** What this model answered before no longer holds; without one, what any did. */
  readonly outdated: { readonly modelId?: string };
  readonly walking: Pick<PanelModel, 'filmstrip'>;
  readonly inFolder: Pick<PanelModel, 'folder'>;
  readonly previewed: Pick<PanelModel, 'isPreview'>;
}

export type PanelFact = {
  [Kind in keyof Facts]: { readonly kind: Kind } & Facts[Kind];
}[keyof Facts];

export function learned(model: PanelModel, fact: PanelFact): PanelModel {
  switch (fact.kind) {
    case 'activity':
      return { ...model, activity: same(model.activity, fact.activity) };
    case 'settled': {
      const { modelId, modelByDefault, modelIsSetting, method, methodByDefault, colourMap } = fact;
      const phrases = same(model.phrases, tidyPhrases(model.phrases));
      const others: Basis[] = [];
      if (model.modelId !== undefined && modelId !== model.modelId) others.push('model');
      if (model.method !== undefined && method !== model.method) others.push('method');
      const kept = others.length > 0 ? dropRestingOn(model, ...others) : model;
      const settled = { modelId, modelByDefault, modelIsSetting, method, methodByDefault };
      return { ...kept, ...settled, phrases, colourMap };
    }
    case 'modelNamed':
      return { ...model, modelIsSetting: fact.modelIsSetting };
    case 'moved':
      return move(model, fact.isOther, fact.choices);
    case 'drawn':
      return draw(model, fact.picture);
    case 'undrawn':
      return { ...dropRestingOn(model, 'pixels'), picture: undefined, isLeft: false };
    case 'listed':
      return {
        ...model,
        models: same(model.models, fact.models),
        methods: same(model.methods, fact.methods),
      };
    case 'opened': {
      const availability = model.opened?.availability ?? [];
      const opened = same(model.opened, { ...fact.opened, availability });
      return { ...model, modelId: fact.modelId, opened };
    }
    case 'available': {
      if (model.opened === undefined || model.modelId !== fact.modelId) return model;
      const opened = same(model.opened, { ...model.opened, availability: fact.availability });
      return { ...model, opened };
    }
    case 'classified':
      return { ...model, classified: same(model.classified, fact.classified) };
    case 'explained':
      return explain(model, fact.result);
    case 'measured': {
      const measured = withMeasured(model.measured, fact.map);
      return { ...model, measured, activity: { kind: 'idle' } };
    }
    case 'contrasted': {
      const { modelId, method, heatmap } = fact;
      const isAsked = modelId === model.modelId && method === model.method;
      if (!isAsked || !isOf(heatmap, model.contrast)) return model;
      return { ...model, contrasted: heatmap, activity: { kind: 'idle' } };
    }
    case 'outdated':
      return forget(model, fact.modelId);
    case 'walking': {
      const filmstrip = same(model.filmstrip, fact.filmstrip);
      // A gallery of before a reload is waited for; one that was there and is gone is not.
      const gallery = model.filmstrip === undefined ? model.gallery : undefined;
      return { ...model, filmstrip, gallery: filmstrip?.gallery ?? gallery };
    }
    case 'inFolder':
      return { ...model, folder: same(model.folder, fact.folder) };
    case 'previewed':
      return { ...model, isPreview: fact.isPreview };
  }
}

function move(model: PanelModel, isOtherPicture: boolean, said: Partial<PanelChoices>): PanelModel {
  const { modelId = model.modelId, phrases = model.phrases, method = model.method } = said;
  const { change = model.change } = said;
  const others: Basis[] = [];
  if (isOtherPicture) others.push('picture');
  if (modelId !== model.modelId) others.push('model');
  if (!samePhrases(phrases, model.phrases)) others.push('phrases');
  if (method !== model.method) others.push('method');
  const isChanged = same(model.change, change) !== model.change;
  if (isChanged) others.push('pixels');
  const isOfOther = isOtherPicture || isChanged;
  const known = isOfOther ? forget(model) : withoutAnswersAmong(model, said);
  const left = dropRestingOn(known, ...others);
  const { chosenClass } = left;
  const contrast = model.contrast?.index === chosenClass ? model.contrast : undefined;
  const followed = [chosenClass, contrast?.against].filter((index) => index !== undefined);
  return {
    ...left,
    isLeft: model.isLeft || (isOtherPicture && model.picture !== undefined),
    extraClasses: followed,
    contrast,
    contrasted: undefined,
    modelByDefault: said.modelId === undefined && model.modelByDefault,
    methodByDefault: said.method === undefined && model.methodByDefault,
    ...said,
  };
}

/** What is remembered was taken among other classes, where these are others now. */
function withoutAnswersAmong(model: PanelModel, said: Partial<PanelChoices>): PanelModel {
  const { among = model.among, datasetClasses = model.datasetClasses } = said;
  const before = [model.among, model.datasetClasses];
  return JSON.stringify(before) === JSON.stringify([among, datasetClasses])
    ? model
    : { ...model, remembered: [] };
}

function draw(model: PanelModel, picture: DrawnPicture): PanelModel {
  const before = model.picture;
  const samePixels = before?.uri === picture.uri && before.imageSrc === picture.imageSrc;
  if (!samePixels) return { ...dropRestingOn(model, 'pixels'), picture, isLeft: false };
  return model.isLeft ? { ...model, isLeft: false } : model;
}

/** The maps of the chosen method on the chosen model are shown; others are kept for later. */
function explain(model: PanelModel, result: ExplainResult): PanelModel {
  const { modelId, method, topK, among, window, levels, assumed } = result;
  const remembered = remember(model.remembered, result);
  if (modelId !== model.modelId || method !== model.method) return { ...model, remembered };
  return {
    ...model,
    remembered,
    explained: recall(remembered, modelId, method),
    classified: same(model.classified, { topK, ...(among && { among }), window }),
    levels: same(model.levels, levels),
    assumed: same(model.assumed, assumed),
    activity: { kind: 'idle' },
  };
}

/** What was there, where the other one is the same: it is not told again. */
function same<Part>(before: Part, now: Part): Part {
  return JSON.stringify(before) === JSON.stringify(now) ? before : now;
}
