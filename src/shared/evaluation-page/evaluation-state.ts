/** What is asked and known of a comparison of methods: one state, held by the extension, shown by its page. */
import type { EvaluationSummary, MeasuredCosts } from '../evaluation';
import type { MethodInfo } from '../explanation';
import type { GalleryDataset, GalleryProgress } from '../gallery/gallery-state';

/** How many pictures may be chosen; the last one is more than any dataset has. */
export const pictureCounts = [25, 50, 100, 200, 400, 1_000_000] as const;

export type PictureCount = (typeof pictureCounts)[number];

export interface EvaluationChoices {
  /** Left out: that of the settings. */
  readonly modelId?: string;
  /** How many pictures to draw at most. */
  readonly pictures: PictureCount;
}

/** Where the choice of a method for a model is kept. */
export type MethodKeeper = 'manifest' | 'settings';

/** What is compared, once the model is open. */
export interface ComparedMethods {
  /** Those that apply to the model. */
  readonly methods: readonly MethodInfo[];
  /** How many pictures were drawn of the dataset. */
  readonly drawn: number;
  /** Of this model, and where another one would be kept. */
  readonly methodInUse: string;
  readonly keptIn: MethodKeeper;
}

export interface ComparisonTable {
  readonly head: readonly string[];
  /** Its method or control, whose name is the first cell. */
  readonly rows: readonly { readonly id: string; readonly cells: readonly string[] }[];
}

/** What came out so far. */
export interface Comparison {
  readonly summary: EvaluationSummary;
  /** Methods and orders that look at no model, best first, a figure a column. */
  readonly table: ComparisonTable;
  /** Shares of the patches that are away at each point of the curves. */
  readonly shares: readonly number[];
  /** Where the page finds the pictures that the summary names. */
  readonly addresses: Readonly<Record<string, string>>;
}

export interface EvaluationState {
  readonly asked: EvaluationChoices;
  /** Undefined until the pictures are listed. */
  readonly dataset: GalleryDataset | undefined;
  readonly compared: ComparedMethods | undefined;
  readonly comparison: Comparison | undefined;
  /** Measured on this machine; empty until then. */
  readonly costs: MeasuredCosts;
  readonly progress: GalleryProgress;
}

export function freshEvaluation(asked: EvaluationChoices): EvaluationState {
  return {
    asked,
    dataset: undefined,
    compared: undefined,
    comparison: undefined,
    costs: {},
    progress: { kind: 'opening', phrase: 'Opening' },
  };
}

/** Something else is asked: what came out before does not answer it. */
export function askedAnew(state: EvaluationState, asked: EvaluationChoices): EvaluationState {
  return { ...freshEvaluation(asked), dataset: state.dataset };
}
