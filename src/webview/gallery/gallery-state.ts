/** What the gallery knows, and how each event changes it. Pure: effects come back as messages to post. */
import { everySample } from '../../shared/choose-tiles';
import type { DatasetSummary } from '../../shared/dataset-summary';
import type {
  FromGallery,
  GalleryProgress,
  GalleryState,
  GalleryView,
  SampleChoice,
  Tile,
  ToGallery,
} from '../../shared/gallery-protocol';

export type Dataset = Extract<ToGallery, { kind: 'dataset' }>;

export interface GalleryModel {
  /** Undefined until the extension has sent it. */
  readonly dataset: Dataset | undefined;
  readonly tiles: readonly Tile[];
  readonly progress: GalleryProgress;
  /** As of the last time it was asked for. */
  readonly summary: DatasetSummary | undefined;
  readonly view: GalleryView;
}

export type GalleryAction =
  | { readonly kind: 'received'; readonly message: ToGallery }
  | { readonly kind: 'changedView'; readonly change: Partial<GalleryView> }
  | { readonly kind: 'posted'; readonly message: FromGallery };

export interface GalleryUpdate {
  readonly model: GalleryModel;
  readonly posts: readonly FromGallery[];
}

/** Which samples this view shows, and in what order. */
export function choiceOf({
  show,
  classIndex,
  cell,
  text,
  sort,
  descending,
}: GalleryView): SampleChoice {
  return { show, classIndex, cell, text, sort, descending };
}

function sameChoice(one: GalleryView, other: GalleryView): boolean {
  return JSON.stringify(choiceOf(one)) === JSON.stringify(choiceOf(other));
}

const freshView: GalleryView = {
  tab: 'samples',
  ...everySample,
  overlays: true,
  selected: undefined,
};

/** The gallery before any message, with the state kept over a reload, if any. */
export function initialGallery(kept: GalleryState | undefined): GalleryModel {
  return {
    dataset: undefined,
    tiles: [],
    progress: { kind: 'opening', phrase: 'Opening' },
    summary: undefined,
    view: { ...freshView, ...kept?.view, overlays: true },
  };
}

/** What to keep over a reload; undefined while there is no dataset. */
export function galleryToKeep({ dataset, view }: GalleryModel): GalleryState | undefined {
  if (dataset === undefined) return undefined;
  const { sources, modelId, method, phrases, annotations } = dataset;
  return {
    sources,
    modelId,
    method,
    ...(phrases !== undefined && { phrases }),
    ...(annotations !== undefined && { annotations }),
    view,
  };
}

export function updateGallery(model: GalleryModel, action: GalleryAction): GalleryUpdate {
  switch (action.kind) {
    case 'received':
      return receive(model, action.message);
    case 'changedView': {
      const view = { ...model.view, ...action.change };
      const posts: FromGallery[] = [];
      if (action.change.tab === 'summary') posts.push({ kind: 'summarise' });
      if (!sameChoice(view, model.view)) posts.push({ kind: 'choose', choice: choiceOf(view) });
      return { model: { ...model, view }, posts };
    }
    case 'posted':
      return { model, posts: [action.message] };
  }
}

function receive(model: GalleryModel, message: ToGallery): GalleryUpdate {
  switch (message.kind) {
    case 'dataset':
      return quietly({ ...model, dataset: message, tiles: [], summary: undefined });
    case 'tiles':
      return quietly({ ...model, tiles: [...model.tiles, ...message.tiles] });
    case 'select':
      return quietly({ ...model, view: { ...model.view, selected: message.name } });
    case 'summary':
      return quietly({ ...model, summary: message.summary });
    case 'progress': {
      const { progress } = message;
      const ended = progress.kind !== 'running' && model.progress.kind !== progress.kind;
      // What is shown while the work goes on is brought up to date where it stops.
      const asks = model.view.tab === 'summary' && (ended || model.summary === undefined);
      return { model: { ...model, progress }, posts: asks ? [{ kind: 'summarise' }] : [] };
    }
  }
}

function quietly(model: GalleryModel): GalleryUpdate {
  return { model, posts: [] };
}
