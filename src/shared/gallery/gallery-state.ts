/** What is asked and known of a dataset: one state, held by the extension, shown by the gallery. */
import type { AmongList } from '../among';
import type { Assumption } from '../assumption';
import type { DatasetSummary } from '../dataset-summary';
import type { Grid, MethodAvailability, MethodInfo } from '../explanation';
import type { FailureData } from '../failure-data';
import type { LabelReadingChoice } from '../label-reading';
import type { ModelListing } from '../model';
import type { GalleryChoices, GalleryView } from './gallery-view';
import type { Tile, TilePicture } from './tile';

/** What is known of a dataset, and what its samples are explained with. */
export interface GalleryDataset {
  readonly title: string;
  /** Files and folders, as addresses. */
  readonly sources: readonly string[];
  readonly total: number;
  readonly classes: readonly string[];
  /** Whether the model gives the probability of the second class alone, and the first is all else. */
  readonly oneSideNamed?: boolean;
  readonly grid: Grid;
  readonly models: readonly ModelListing[];
  readonly modelId: string;
  readonly methods: readonly MethodInfo[];
  /** Which of them cannot run on the model, once that is known. */
  readonly availability?: readonly MethodAvailability[];
  readonly method: string;
  readonly colourMap: string;
  /** What pictures are compared with; present (maybe empty) for models that compare phrases. */
  readonly phrases?: readonly string[] | undefined;
  /** Where boxes or masks are read from; undefined: Pascal VOC files beside the pictures. */
  readonly annotations?: string | undefined;
  /** Whether the model chooses between several classes, so that answers may be taken among some. */
  readonly choosesClasses?: boolean;
  /** Classes that answers are also taken among. */
  readonly among?: AmongList | undefined;
  /** How many classes the labels stand for, where all of them are known. */
  readonly labelledClasses?: number | undefined;
  /** Why answers are not taken among the classes that were asked for, in sentences. */
  readonly whyAll?: string | undefined;
  /** Labels that no class fits. */
  readonly unmatched: readonly string[];
  /** How labels are read, where there is more than one way. */
  readonly labelReading?: LabelReadingChoice | undefined;
  /** Where a person's answers to that are kept. */
  readonly mappingFile: string;
  /** Files that are missing, with the reason. */
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
  /** In one line, how pictures are prepared for the model, once that is known. */
  readonly prepared?: string | undefined;
  /** What its files do not say of the model. */
  readonly assumed: readonly Assumption[];
  readonly notices: readonly string[];
}

/** How many samples are done, of how many; these are not all while more of them are being listed. */
interface HowFar {
  readonly done: number;
  readonly total: number;
  readonly isAll: boolean;
}

/** How far the work is. */
export type GalleryProgress =
  | { readonly kind: 'opening'; readonly phrase: string }
  /** The model compares pictures with phrases, and there are too few. */
  | { readonly kind: 'awaitingPhrases' }
  | ({ readonly kind: 'running' } & HowFar)
  | ({ readonly kind: 'paused' } & HowFar)
  | ({ readonly kind: 'cancelled' } & HowFar)
  | { readonly kind: 'cancelledOpening' }
  | { readonly kind: 'done'; readonly total: number }
  | { readonly kind: 'failed'; readonly failure: FailureData };

export interface GalleryState {
  readonly asked: GalleryChoices;
  readonly view: GalleryView;
  /** Undefined until the pictures are listed. */
  readonly dataset: GalleryDataset | undefined;
  /** In the order in which they were listed. */
  readonly tiles: readonly Tile[];
  /** Of the samples in sight, as far as the page has asked. */
  readonly pictures: readonly TilePicture[];
  readonly progress: GalleryProgress;
  /** As of when it was last looked at, or the work came to an end. */
  readonly summary: DatasetSummary | undefined;
}

export function freshGallery(asked: GalleryChoices, view: GalleryView): GalleryState {
  return {
    asked,
    view,
    dataset: undefined,
    tiles: [],
    pictures: [],
    progress: { kind: 'opening', phrase: 'Opening' },
    summary: undefined,
  };
}

/** More is known of the dataset: what was said of its samples before no longer holds. */
export function withDataset(state: GalleryState, dataset: GalleryDataset): GalleryState {
  return { ...state, dataset, tiles: [], pictures: [], summary: undefined };
}

/** Whether a summary is looked at that is not of now: one is asked for anew, or the work has stopped. */
export function wantsSummary(before: GalleryState, now: GalleryState): boolean {
  if (now.view.tab !== 'summary') return false;
  const stopped = now.progress.kind !== 'running' && now.progress.kind !== before.progress.kind;
  return now.view !== before.view || stopped || now.summary === undefined;
}
