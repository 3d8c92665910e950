/** What the panel's page knows, and how each event changes it. Pure: effects come back as messages to post. */
import { placeAfter } from '../shared/filmstrip';
import { intended } from '../shared/panel/panel-intents';
import {
  emptyPanel,
  phrasesInUse,
  wayOf,
  type DrawnPicture,
  type PanelModel,
} from '../shared/panel/panel-model';
import { tidyPhrases } from '../shared/phrases';
import type { FromPanel, KeptPanel, ToPanel } from '../shared/protocol/panel';
import { classRows } from './class-rows';
import type { Received } from './connect-page';
import { hear, say, untold, type ToldState } from './told-state';
import { freshView, viewOf, type ViewState } from './view-state';

/** What survives a reload. */
export interface KeptPage extends KeptPanel {
  readonly view: ViewState;
}

export interface PageModel {
  readonly copy: ToldState<PanelModel, FromPanel>;
  readonly view: ViewState;
  /** The picture that the view was kept for, until a picture is shown. */
  readonly keptFor: string | undefined;
}

export type PageAction =
  /** Something that the extension is asked for. */
  | { readonly kind: 'said'; readonly message: FromPanel }
  | { readonly kind: 'choseClass'; readonly index: number }
  | { readonly kind: 'changedPhrases'; readonly phrases: readonly string[] }
  | { readonly kind: 'changedView'; readonly change: Partial<ViewState> }
  | { readonly kind: 'walked'; readonly to: 'previous' | 'next' | 'first' | 'last' | number };

export interface Update {
  readonly model: PageModel;
  readonly posts: readonly FromPanel[];
}

/**
 * The page before any message.
 * @param kept over a reload
 * @param picture that is shown already
 */
export function initialPage(kept?: KeptPage, picture?: DrawnPicture): PageModel {
  const nothing = untold<PanelModel, FromPanel>(emptyPanel);
  const model = {
    copy: nothing,
    view: { ...freshView, ...kept?.view, showOriginal: false },
    keptFor: kept?.uri,
  };
  return picture === undefined ? model : withCopy(model, untold({ ...emptyPanel, picture }));
}

/** What to keep over a reload; undefined while there is no picture. */
export function stateToKeep({ copy, view }: PageModel): KeptPage | undefined {
  const panel = copy.now;
  const { picture, modelId, modelByDefault, method, methodByDefault } = panel;
  const { label, datasetClasses, among, chosenClass, extraClasses, contrast } = panel;
  const { chosenWindow, change, gallery, isPreview } = panel;
  if (picture === undefined || modelId === undefined || method === undefined) return undefined;
  const phrases = phrasesInUse(panel);
  return {
    uri: picture.uri,
    ...(!modelByDefault && { modelId }),
    ...(!methodByDefault && { method }),
    ...(label !== undefined && { label }),
    ...(datasetClasses.length > 0 && { datasetClasses }),
    ...(among.of !== 'all' && { among }),
    ...(chosenClass !== undefined && { chosenClass }),
    extraClasses,
    ...(contrast !== undefined && { contrast }),
    ...(phrases !== undefined && { phrases }),
    ...(chosenWindow !== undefined && { chosenWindow }),
    ...(change !== undefined && { change }),
    ...(gallery !== undefined && { gallery }),
    ...(isPreview !== undefined && { isPreview }),
    view,
  };
}

export function update(model: PageModel, action: PageAction | Received<ToPanel>): Update {
  switch (action.kind) {
    case 'received':
      return { model: withCopy(model, hear(model.copy, action.change, intended)), posts: [] };
    case 'said':
      return post(model, action.message);
    case 'choseClass':
      return chooseClass(model, action.index);
    case 'changedPhrases':
      return changePhrases(model, action.phrases);
    case 'changedView':
      return { model: looking(model, action.change), posts: [] };
    case 'walked': {
      const message = walk(model.copy.now, action.to);
      return message === undefined ? { model, posts: [] } : post(model, message);
    }
  }
}

/** What is asked for already, or is not under way, needs no saying. */
const needAnEffect: ReadonlySet<FromPanel['kind']> = new Set([
  'chooseMethod',
  'chooseModel',
  'usePhrases',
  'useAmong',
  'changePicture',
  'cancel',
]);

function post(model: PageModel, message: FromPanel): Update {
  const copy = say(model.copy, message, intended);
  if (copy.now === model.copy.now && needAnEffect.has(message.kind)) return { model, posts: [] };
  return { model: withCopy(model, copy), posts: [message] };
}

function withCopy(model: PageModel, copy: PageModel['copy']): PageModel {
  const keptFor = copy.now.picture === undefined ? model.keptFor : undefined;
  return { copy, keptFor, view: viewOf(model.view, model.copy.now, copy.now, model.keptFor) };
}

function looking(model: PageModel, change: Partial<ViewState>): PageModel {
  return { ...model, view: { ...model.view, ...change } };
}

function chooseClass(model: PageModel, index: number): Update {
  const panel = model.copy.now;
  const { explained, activity } = panel;
  const chosen = post(looking(model, { showOriginal: false }), { kind: 'chooseClass', index });
  const isListed = classRows(panel).some((row) => row.index === index);
  // A class of the list is being explained already while the first maps are on their way.
  const isOnItsWay = isListed && explained === undefined && activity.kind === 'busy';
  const hasMap = explained?.heatmaps.some((map) => map.index === index) === true;
  if (hasMap || isOnItsWay) return chosen;
  const asked = post(chosen.model, { kind: 'explainClass', index });
  return { ...asked, posts: [...chosen.posts, ...asked.posts] };
}

/** The newest phrase is the one to look at; without it, the most probable one is. */
function changePhrases(model: PageModel, typed: readonly string[]): Update {
  const phrases = tidyPhrases(typed);
  const before = phrasesInUse(model.copy.now);
  const asked = post(model, { kind: 'usePhrases', phrases });
  if (asked.posts.length === 0) return asked;
  const added = phrases.findIndex((phrase) => before?.includes(phrase) !== true);
  if (added < 0) return asked;
  const chosen = post(asked.model, { kind: 'chooseClass', index: added });
  return { ...chosen, posts: [...asked.posts, ...chosen.posts] };
}

/** The extension answers with where the panel is then. */
function walk(
  panel: PanelModel,
  to: Extract<PageAction, { kind: 'walked' }>['to'],
): FromPanel | undefined {
  const { filmstrip } = panel;
  const way = wayOf(panel);
  if (way === undefined) return undefined;
  const place = typeof to === 'number' ? to : placeAfter(way, to);
  if (place === undefined) return undefined;
  // A step more for every key press, also where the answer to the one before is on its way.
  if (to === 'previous' || to === 'next') return { kind: 'step', by: to === 'next' ? 1 : -1 };
  const name = filmstrip?.frames[place - filmstrip.first]?.name;
  return { kind: 'walk', place, ...(name !== undefined && { name }) };
}
