/** The typed protocol between the extension and the gallery of a dataset. */
import type { DatasetSummary } from './dataset-summary';
import type { Grid, MethodInfo } from './explanation';
import type { FailureData } from './failure-data';
import type { LabelReading, LabelReadingChoice } from './label-reading';
import type { ModelListing } from './model';

/** What the gallery shows of one sample. */
export type Tile = ExplainedTile | BrokenTile;

export interface ExplainedTile {
  readonly ok: true;
  readonly name: string;
  readonly label?: string | undefined;
  readonly truth?: number | undefined;
  readonly truthRank?: number | undefined;
  readonly loss?: number | undefined;
  readonly answer: number;
  /** Left out where the model gives values. */
  readonly probability?: number | undefined;
  readonly value?: number | undefined;
  /** Share of the relevance outside the annotated object. */
  readonly outside?: number | undefined;
  /** Why that share may be wrong, or is left out. */
  readonly doubt?: string | undefined;
  /** Address of a small picture of what the model sees. */
  readonly thumbnail: string;
  /** Base64 of a byte a patch, row by row, from the least to the most relevance. */
  readonly map: string;
}

export interface BrokenTile {
  readonly ok: false;
  readonly name: string;
  readonly label?: string | undefined;
  readonly message: string;
}

/** How far the work is. */
export type GalleryProgress =
  | { readonly kind: 'opening'; readonly phrase: string }
  /** The model compares pictures with phrases, and there are too few. */
  | { readonly kind: 'awaitingPhrases' }
  | { readonly kind: 'running'; readonly done: number; readonly total: number }
  | { readonly kind: 'paused'; readonly done: number; readonly total: number }
  | { readonly kind: 'cancelled'; readonly done: number; readonly total: number }
  | { readonly kind: 'cancelledOpening' }
  | { readonly kind: 'done'; readonly total: number }
  | { readonly kind: 'failed'; readonly failure: FailureData };

/** Everything the extension tells the gallery. */
export type ToGallery =
  /** The dataset and what it is explained with; tiles that were sent before no longer hold. */
  | {
      readonly kind: 'dataset';
      readonly title: string;
      /** Files and folders, as addresses. */
      readonly sources: readonly string[];
      readonly total: number;
      readonly classes: readonly string[];
      readonly grid: Grid;
      readonly models: readonly ModelListing[];
      readonly modelId: string;
      readonly methods: readonly MethodInfo[];
      readonly method: string;
      readonly colourMap: string;
      /** What pictures are compared with; present (maybe empty) for models that compare phrases. */
      readonly phrases?: readonly string[] | undefined;
      /** Where boxes or masks are read from; undefined: Pascal VOC files beside the pictures. */
      readonly annotations?: string | undefined;
      /** Labels that no class fits. */
      readonly unmatched: readonly string[];
      /** How labels are read, where there is more than one way. */
      readonly labelReading?: LabelReadingChoice | undefined;
      /** Where a person's answers to that are kept. */
      readonly mappingFile: string;
      /** Files that are missing, with the reason. */
      readonly skipped: readonly { readonly name: string; readonly reason: string }[];
      readonly notices: readonly string[];
    }
  /** The next tiles, in the order of their names. */
  | { readonly kind: 'tiles'; readonly tiles: readonly Tile[] }
  | { readonly kind: 'progress'; readonly progress: GalleryProgress }
  /** The summary of all tiles so far, on request. */
  | { readonly kind: 'summary'; readonly summary: DatasetSummary }
  /** The person walked on from within the explanation panel, to this sample. */
  | { readonly kind: 'select'; readonly name: string };

/** Everything the gallery asks of the extension. */
export type FromGallery =
  /** It is (again) ready to be told everything, and shows these samples in this order. */
  | { readonly kind: 'ready'; readonly choice: SampleChoice }
  /** Now it shows these. */
  | { readonly kind: 'choose'; readonly choice: SampleChoice }
  | { readonly kind: 'pause' | 'resume' | 'cancel' | 'retry' }
  | { readonly kind: 'openLog' | 'openSettings' | 'manageModels' }
  /** Show a sample in the explanation panel beside. */
  | { readonly kind: 'open'; readonly name: string; readonly focus: boolean }
  /** The keys are at another sample: the panel follows, where one is open. */
  | { readonly kind: 'follow'; readonly name: string }
  | { readonly kind: 'summarise' }
  | { readonly kind: 'chooseMethod'; readonly method: string }
  | { readonly kind: 'chooseModel'; readonly modelId: string }
  /** Compare the pictures with these phrases. */
  | { readonly kind: 'usePhrases'; readonly phrases: readonly string[] }
  /** Ask the person where boxes or masks are. */
  | { readonly kind: 'chooseAnnotations' }
  | { readonly kind: 'export'; readonly format: GalleryExport }
  /** A label means this class; without a class, it means none again. */
  | { readonly kind: 'mapLabel'; readonly label: string; readonly index?: number | undefined }
  /** All labels are to be read this way. */
  | { readonly kind: 'readLabels'; readonly reading: LabelReading };

export type GalleryExport = 'html' | 'csv' | 'jsonl';

/** What the gallery keeps over a reload. */
export interface GalleryState {
  readonly sources: readonly string[];
  readonly modelId: string;
  readonly method: string;
  readonly phrases?: readonly string[];
  readonly annotations?: string;
  readonly view: GalleryView;
}

export type SortKey = 'name' | 'confidence' | 'loss' | 'outside';

/** Which samples are shown, and in what order. */
export interface SampleChoice {
  readonly show: 'all' | 'wrong' | 'unsure' | 'unreadable';
  /** Samples of this class, by truth or by answer. */
  readonly classIndex: number | undefined;
  /** Samples of this cell of the confusion matrix. */
  readonly cell: { readonly truth: number; readonly answer: number } | undefined;
  readonly text: string;
  readonly sort: SortKey;
  readonly descending: boolean;
}

/** How the person looks at the gallery. */
export interface GalleryView extends SampleChoice {
  readonly tab: 'samples' | 'summary';
  readonly overlays: boolean;
  /** Name of the sample that the keys are at. */
  readonly selected: string | undefined;
}
