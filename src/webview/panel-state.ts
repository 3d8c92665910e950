/** What the panel knows, and how each event changes it. Pure: effects come back as messages to post. */
import { isColourMapName } from '../shared/colour-map';
import { divergingColourMaps, sequentialColourMaps } from '../shared/colour-map-names';
import type { Assumption } from '../shared/assumption';
import type { ClassScore, InputWindow } from '../shared/explanation';
import type { FailureData } from '../shared/failure-data';
import { placeAfter, type Filmstrip, type FrameRange } from '../shared/filmstrip';
import type { FromPanel, PanelState, ToPanel, ViewState } from '../shared/panel-protocol';
import type { PictureWindow } from '../shared/picture-reading';
import { samePhrases, tidyPhrases } from '../shared/phrases';

export type Subject = Extract<ToPanel, { kind: 'show' }>;
export type Explained = Extract<ToPanel, { kind: 'explained' }>;

/** What is going on. */
export type Activity =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'idle' }
  | { readonly kind: 'busy'; readonly phrase: string }
  | { readonly kind: 'failed'; readonly failure: FailureData }
  | { readonly kind: 'cancelled' };

export interface PanelModel {
  /** The picture and what can be chosen; undefined until the extension has sent it. */
  readonly subject: Subject | undefined;
  readonly activity: Activity;
  /** The answer of the chosen model. */
  readonly classified:
    { readonly topK: readonly ClassScore[]; readonly window: InputWindow } | undefined;
  /** Maps of the chosen method on the chosen model; never those of another. */
  readonly explained: Explained | undefined;
  /** How the picture's numbers became black to white, also while that is read anew. */
  readonly reading: Pick<Explained, 'levels' | 'keepsWindow'>;
  /** What the chosen model rests on without anything that says it, as far as it has answered. */
  readonly assumed: readonly Assumption[];
  /** The samples to walk through, where a gallery opened the panel. */
  readonly filmstrip: Filmstrip | undefined;
  /** The gallery of before a reload, until it is there again. */
  readonly keptGallery: string | undefined;
  /** Classes that the person asked for beside the most probable ones. */
  readonly extraClasses: readonly number[];
  readonly view: ViewState;
  /** The picture that view and extra classes were kept for, until a picture is shown. */
  readonly keptFor: string | undefined;
}

export type PanelAction =
  | { readonly kind: 'received'; readonly message: ToPanel }
  | { readonly kind: 'choseClass'; readonly index: number }
  | { readonly kind: 'choseMethod'; readonly method: string }
  | { readonly kind: 'choseModel'; readonly modelId: string }
  | { readonly kind: 'changedPhrases'; readonly phrases: readonly string[] }
  | { readonly kind: 'changedView'; readonly change: Partial<ViewState> }
  /** For this picture; without one: as the model or the file says. */
  | { readonly kind: 'choseWindow'; readonly window: PictureWindow | undefined }
  /** For all pictures of the model. */
  | { readonly kind: 'keptWindow'; readonly window: PictureWindow }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'retried' }
  | { readonly kind: 'askedForStability' }
  | { readonly kind: 'walked'; readonly to: 'previous' | 'next' | 'first' | 'last' | number }
  | { readonly kind: 'lookedAtFrames'; readonly range: FrameRange }
  | { readonly kind: 'showedFilmstrip'; readonly shown: boolean };

export interface Update {
  readonly model: PanelModel;
  readonly posts: readonly FromPanel[];
}

const freshView: ViewState = {
  classIndex: undefined,
  opacity: 0.7,
  colourMap: '',
  drawing: 'smooth',
  showOriginal: false,
  otsu: false,
  zoom: 1,
};

/** The panel before any message, with the state kept over a reload, if any. */
export function initialModel(kept: PanelState | undefined): PanelModel {
  return {
    subject: undefined,
    activity: { kind: 'waiting' },
    classified: undefined,
    explained: undefined,
    reading: {},
    assumed: [],
    filmstrip: undefined,
    keptGallery: kept?.gallery,
    extraClasses: kept?.extraClasses ?? [],
    view: { ...freshView, ...kept?.view, showOriginal: false },
    keptFor: kept?.uri,
  };
}

/** What to keep over a reload; undefined while there is no picture. */
export function stateToKeep(model: PanelModel): PanelState | undefined {
  const { subject, extraClasses, view } = model;
  if (subject === undefined) return undefined;
  const gallery = model.filmstrip?.gallery ?? model.keptGallery;
  return {
    uri: subject.uri,
    modelId: subject.modelId,
    method: subject.method,
    extraClasses,
    ...(subject.phrases !== undefined && { phrases: subject.phrases }),
    ...(subject.chosenWindow !== undefined && { chosenWindow: subject.chosenWindow }),
    ...(gallery !== undefined && { gallery }),
    view,
  };
}

export function update(model: PanelModel, action: PanelAction): Update {
  switch (action.kind) {
    case 'received':
      return quietly(receive(model, action.message));
    case 'choseClass':
      return chooseClass(model, action.index);
    case 'choseMethod':
      return chooseMethod(model, action.method);
    case 'choseModel':
      return chooseModel(model, action.modelId);
    case 'changedPhrases':
      return changePhrases(model, action.phrases);
    case 'choseWindow':
      return {
        model: readAnew(model, action.window),
        posts: [{ kind: 'useWindow', window: action.window }],
      };
    case 'keptWindow':
      return {
        model: readAnew(model, undefined),
        posts: [{ kind: 'keepWindow', window: action.window }],
      };
    case 'changedView':
      return quietly({ ...model, view: { ...model.view, ...action.change } });
    case 'cancelled':
      if (model.activity.kind !== 'busy') return quietly(model);
      // The answer must not wait for the other side.
      return { model: { ...model, activity: { kind: 'cancelled' } }, posts: [{ kind: 'cancel' }] };
    case 'retried':
      return { model: busy(model, 'Trying again'), posts: [{ kind: 'retry' }] };
    case 'askedForStability':
      return {
        model: busy(model, 'Measuring how stable the map is'),
        posts: [{ kind: 'measureStability' }],
      };
    case 'walked':
      return { model, posts: walk(model, action.to) };
    case 'lookedAtFrames':
      return { model, posts: [{ kind: 'lookAtFrames', range: action.range }] };
    case 'showedFilmstrip': {
      const { shown } = action;
      const filmstrip = model.filmstrip && { ...model.filmstrip, shown };
      return { model: { ...model, filmstrip }, posts: [{ kind: 'showFilmstrip', shown }] };
    }
  }
}

function receive(model: PanelModel, message: ToPanel): PanelModel {
  switch (message.kind) {
    case 'show':
      return show(model, message);
    case 'busy':
      return busy(model, message.phrase);
    case 'classified': {
      const { modelId, phrases, topK, window } = message;
      if (modelId !== undefined && modelId !== model.subject?.modelId) return model;
      if (!samePhrases(phrases, model.subject?.phrases)) return model;
      return { ...model, classified: { topK, window } };
    }
    case 'explained': {
      const { subject } = model;
      if (message.modelId !== subject?.modelId || message.method !== subject.method) return model;
      if (!samePhrases(message.phrases, subject.phrases)) return model;
      const { topK, window, levels, keepsWindow = false } = message;
      return {
        ...model,
        activity: { kind: 'idle' },
        classified: { topK, window },
        explained: message,
        reading: { levels, keepsWindow },
        assumed: message.assumed,
      };
    }
    case 'failed':
      return { ...model, activity: { kind: 'failed', failure: message.failure } };
    case 'cancelled':
      return { ...model, activity: { kind: 'cancelled' } };
    case 'awaitingPhrases':
      return { ...model, activity: { kind: 'idle' } };
    case 'filmstrip': {
      const { filmstrip } = message;
      return { ...model, filmstrip, keptGallery: filmstrip ? undefined : model.keptGallery };
    }
  }
}

/** Takes over what is to be shown and drops what no longer belongs to it. */
function show(model: PanelModel, subject: Subject): PanelModel {
  const before = model.subject;
  const samePicture =
    before === undefined ? model.keptFor === subject.uri : before.uri === subject.uri;
  const samePixels = before?.uri === subject.uri && before.imageSrc === subject.imageSrc;
  const sameModel =
    samePixels &&
    before.modelId === subject.modelId &&
    samePhrases(before.phrases, subject.phrases);
  const sameMethod = sameModel && before.method === subject.method;
  return {
    ...model,
    subject,
    classified: sameModel ? model.classified : undefined,
    explained: sameMethod ? model.explained : undefined,
    reading: samePicture && before?.modelId === subject.modelId ? model.reading : {},
    // What a model rests on is the same for every picture.
    assumed: before?.modelId === subject.modelId ? model.assumed : [],
    extraClasses: samePicture ? model.extraClasses : [],
    view: {
      ...model.view,
      classIndex: samePicture ? model.view.classIndex : undefined,
      zoom: samePicture ? model.view.zoom : 1,
      colourMap: chooseColourMap(model, subject),
    },
    keptFor: undefined,
  };
}

/** The person's own choice lasts until the setting changes. */
function chooseColourMap({ subject: before, view }: PanelModel, subject: Subject): string {
  const settingChanged = before !== undefined && before.colourMap !== subject.colourMap;
  if (isSequential(view.colourMap) && !settingChanged) return view.colourMap;
  return isSequential(subject.colourMap) ? subject.colourMap : 'viridis';
}

function isSequential(name: string): boolean {
  return sequentialColourMaps.some((map) => map.name === name);
}

function chooseClass(model: PanelModel, index: number): Update {
  const listed =
    model.classified?.topK.some((score) => score.index === index) === true ||
    model.extraClasses.includes(index);
  const chosen: PanelModel = {
    ...model,
    extraClasses: listed ? model.extraClasses : [...model.extraClasses, index],
    view: { ...model.view, classIndex: index, showOriginal: false },
  };
  // A class of the list is being explained already while the first maps are on their way.
  const onItsWay = listed && model.explained === undefined && model.activity.kind === 'busy';
  const hasMap = model.explained?.heatmaps.some((map) => map.index === index) === true;
  if (hasMap || onItsWay) return quietly(chosen);
  return {
    model: busy(chosen, 'Explaining the class'),
    posts: [{ kind: 'explainClass', index }],
  };
}

function chooseMethod(model: PanelModel, method: string): Update {
  const { subject } = model;
  if (subject === undefined || subject.method === method) return quietly(model);
  const name = subject.methods.find(({ id }) => id === method)?.name ?? method;
  return {
    model: busy(
      { ...model, subject: { ...subject, method }, explained: undefined },
      `Explaining with ${name}`,
    ),
    posts: [{ kind: 'chooseMethod', method }],
  };
}

function chooseModel(model: PanelModel, modelId: string): Update {
  const { subject } = model;
  if (subject === undefined || subject.modelId === modelId) return quietly(model);
  const name = subject.models.find(({ id }) => id === modelId)?.name ?? modelId;
  return {
    model: busy(
      {
        ...model,
        subject: { ...subject, modelId, labels: [], phrases: undefined },
        classified: undefined,
        explained: undefined,
        reading: {},
        assumed: [],
        extraClasses: [],
        view: { ...model.view, classIndex: undefined },
      },
      `Opening ${name}`,
    ),
    posts: [{ kind: 'chooseModel', modelId }],
  };
}

/** The extension answers with the filmstrip as it is then. */
function walk(
  { filmstrip }: PanelModel,
  to: Extract<PanelAction, { kind: 'walked' }>['to'],
): readonly FromPanel[] {
  if (filmstrip !== undefined && (to === 'previous' || to === 'next')) {
    // A step more for every key press, also where the answer to the one before is on its way.
    return placeAfter(filmstrip, to) === undefined
      ? []
      : [{ kind: 'step', by: to === 'next' ? 1 : -1 }];
  }
  const place =
    typeof to === 'number' ? to : filmstrip === undefined ? undefined : placeAfter(filmstrip, to);
  if (filmstrip === undefined || place === undefined) return [];
  const name = filmstrip.frames[place - filmstrip.first]?.name;
  return [{ kind: 'walk', place, ...(name !== undefined && { name }) }];
}

/** The newest phrase is the one to look at; without it, the most probable one is. */
function changePhrases(model: PanelModel, typed: readonly string[]): Update {
  const { subject } = model;
  const phrases = tidyPhrases(typed);
  if (subject === undefined || samePhrases(subject.phrases, phrases)) return quietly(model);
  const added = phrases.findIndex((phrase) => !subject.phrases?.includes(phrase));
  return {
    model: busy(
      {
        ...model,
        subject: { ...subject, phrases, labels: phrases },
        classified: undefined,
        explained: undefined,
        extraClasses: [],
        view: { ...model.view, classIndex: added < 0 ? undefined : added },
      },
      'Comparing the picture with the phrases',
    ),
    posts: [{ kind: 'usePhrases', phrases }],
  };
}

/** Through another window the picture is another one: what was said about it no longer holds. */
function readAnew(model: PanelModel, chosenWindow: PictureWindow | undefined): PanelModel {
  const subject = model.subject && { ...model.subject, chosenWindow };
  return busy(
    { ...model, subject, classified: undefined, explained: undefined },
    'Reading the picture anew',
  );
}

function busy(model: PanelModel, phrase: string): PanelModel {
  return { ...model, activity: { kind: 'busy', phrase } };
}

function quietly(model: PanelModel): Update {
  return { model, posts: [] };
}

/** The diverging colour map in use. */
export function divergingName({ divergingColourMap }: ViewState): 'blue-red' | 'purple-green' {
  const known = divergingColourMaps.find(({ name }) => name === divergingColourMap);
  return known?.name ?? 'blue-red';
}

/** The sequential colour map in use. */
export function sequentialName({ colourMap }: ViewState) {
  return isColourMapName(colourMap) ? colourMap : 'viridis';
}
