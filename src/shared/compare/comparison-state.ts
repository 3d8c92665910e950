/** What is asked and known of a comparison: one state, held by the extension, shown by the page. */
import type { Activity } from '../activity';
import type {
  ClassScore,
  Grid,
  Heatmap,
  InputWindow,
  MethodAvailability,
  MethodInfo,
} from '../explanation';
import type { ModelListing } from '../model';
import type { Looks } from '../panel/looks';
import type { DrawnPicture } from '../panel/panel-model';
import { cellKey, cellsOf, type CellAddress, type Comparison } from './comparison';

export interface ComparedModel {
  readonly id: string;
  readonly name: string;
  /** Names of its classes by index; empty where it has none. */
  readonly labels: readonly string[];
  /** Which methods cannot run on it, and why. */
  readonly availability: readonly MethodAvailability[];
}

/** A map, or why there is none. */
export type CellOutcome =
  | {
      readonly kind: 'map';
      readonly heatmap: Heatmap;
      /** How strongly the model answered the class. */
      readonly score: ClassScore | undefined;
      readonly window: InputWindow;
      /** The model's patches. */
      readonly grid: Grid;
    }
  /** It cannot be had: asking again gives the same. */
  | { readonly kind: 'none'; readonly reason: string }
  /** It went wrong. */
  | { readonly kind: 'failed'; readonly reason: string };

export interface Cell {
  readonly address: CellAddress;
  readonly outcome: CellOutcome;
}

/** A picture as one of the models sees it. */
export interface ComparedPicture extends DrawnPicture {
  readonly modelId: string;
}

export interface ComparisonState {
  /** Undefined until the settings were asked. */
  readonly asked: Comparison | undefined;
  readonly methods: readonly MethodInfo[];
  /** Those on this machine. */
  readonly models: readonly ModelListing[];
  readonly opened: readonly ComparedModel[];
  readonly drawn: readonly ComparedPicture[];
  readonly cells: readonly Cell[];
  /** How the panel drew its map that the comparison was opened from. */
  readonly looks: Looks | undefined;
  /** The setting for methods without a sign; empty until it is known. */
  readonly colourMap: string;
  readonly activity: Activity;
}

export const emptyComparison: ComparisonState = {
  asked: undefined,
  methods: [],
  models: [],
  opened: [],
  drawn: [],
  cells: [],
  looks: undefined,
  colourMap: '',
  activity: { kind: 'waiting' },
};

export const comparisonParts = Object.keys(emptyComparison) as readonly (keyof ComparisonState)[];

/** Cells that are kept beside those that are asked for now: choosing what was there before is at once. */
const keptCells = 200;

/** By `cellKey`. */
export function cellsByKey(cells: readonly Cell[]): ReadonlyMap<string, Cell> {
  return new Map(cells.map((cell) => [cellKey(cell.address), cell]));
}

/** Asked for, and not known; what went wrong is known until it is tried again. */
export function missingCells({ asked, cells }: ComparisonState): readonly CellAddress[] {
  if (asked === undefined) return [];
  const known = cellsByKey(cells);
  return cellsOf(asked)
    .flat()
    .filter((address) => !known.has(cellKey(address)));
}

/** With cells that came to be known; of too many, those that nobody asks for now are forgotten. */
export function withCells(state: ComparisonState, found: readonly Cell[]): ComparisonState {
  const added = new Set(found.map(({ address }) => cellKey(address)));
  const isReplaced = state.cells.some(({ address }) => added.has(cellKey(address)));
  const before = isReplaced
    ? state.cells.filter(({ address }) => !added.has(cellKey(address)))
    : state.cells;
  const cells = [...before, ...found];
  if (cells.length <= keptCells || state.asked === undefined) return { ...state, cells };
  const asked = new Set(cellsOf(state.asked).flat().map(cellKey));
  return { ...state, cells: cells.filter(({ address }) => asked.has(cellKey(address))) };
}
