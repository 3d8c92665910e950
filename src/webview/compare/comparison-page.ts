/** What the page of a comparison knows, and how each event changes it. Pure: effects come back as messages to post. */
import type { Looks } from '../../shared/panel/looks';
import { cellKey, cellsOf, type Comparison } from '../../shared/compare/comparison';
import { intended } from '../../shared/compare/comparison-facts';
import { emptyComparison, type ComparisonState } from '../../shared/compare/comparison-state';
import type { FromComparison, KeptComparison, ToComparison } from '../../shared/protocol/compare';
import type { Received } from '../connect-page';
import { hear, say, untold, type ToldState } from '../told-state';
import { colourMapOf, freshView } from '../view-state';
import type { ShownPart } from './shared-zoom';

/** How a person looks at a comparison: the page's own, kept over a reload. */
export interface ComparisonView {
  readonly look: Looks;
  readonly part: ShownPart;
  /** Whether the maps of a method share one scale. */
  readonly commonScale: boolean;
  /** By `cellKey`, at most two maps that are held against each other. */
  readonly marked: readonly string[];
  readonly pairing: 'difference' | 'swipe';
}

export interface ComparisonPage {
  readonly copy: ToldState<ComparisonState, FromComparison>;
  readonly view: ComparisonView;
  /** Whether the person looks at it as before a reload: then not as the panel that opened it does. */
  readonly isKept: boolean;
}

export interface KeptComparisonPage extends KeptComparison {
  readonly view: ComparisonView;
}

export type ComparisonAction =
  | { readonly kind: 'said'; readonly message: FromComparison }
  | { readonly kind: 'looked'; readonly change: Partial<ComparisonView> }
  | { readonly kind: 'marked'; readonly key: string };

interface Update {
  readonly model: ComparisonPage;
  readonly posts: readonly FromComparison[];
}

const freshComparisonView: ComparisonView = {
  look: freshView,
  part: { zoom: 1, x: 0, y: 0 },
  commonScale: false,
  marked: [],
  pairing: 'difference',
};

export function initialPage(kept: KeptComparisonPage | undefined): ComparisonPage {
  const view = { ...freshComparisonView, ...kept?.view };
  return {
    copy: untold(emptyComparison),
    isKept: kept !== undefined,
    view: { ...view, look: { ...freshView, ...view.look, showOriginal: false } },
  };
}

export function stateToKeep({ copy, view }: ComparisonPage): KeptComparisonPage | undefined {
  const { asked } = copy.now;
  return asked && { asked, view };
}

export function update(
  model: ComparisonPage,
  action: ComparisonAction | Received<ToComparison>,
): Update {
  switch (action.kind) {
    case 'received':
      return { model: withCopy(model, hear(model.copy, action.change, intended)), posts: [] };
    case 'said': {
      const copy = say(model.copy, action.message, intended);
      return { model: withCopy(model, copy), posts: [action.message] };
    }
    case 'looked':
      return { model: { ...model, view: { ...model.view, ...action.change } }, posts: [] };
    case 'marked': {
      const marked = withMark(model.view.marked, action.key);
      return { model: { ...model, view: { ...model.view, marked } }, posts: [] };
    }
  }
}

/** A second mark is held against the first; of three, the oldest goes. */
function withMark(marked: readonly string[], key: string): readonly string[] {
  return marked.includes(key) ? marked.filter((one) => one !== key) : [...marked, key].slice(-2);
}

function withCopy(
  { copy: before, view, isKept }: ComparisonPage,
  copy: ComparisonPage['copy'],
): ComparisonPage {
  const opening = before.now.looks === undefined && !isKept ? copy.now.looks : undefined;
  const look = opening === undefined ? view.look : { ...opening, showOriginal: false };
  const colourMap = colourMapOf(look, before.now.colourMap, copy.now.colourMap);
  const marked = stillAsked(view, copy.now.asked);
  return { copy, isKept, view: { ...view, look: { ...look, colourMap }, marked } };
}

function stillAsked({ marked }: ComparisonView, asked: Comparison | undefined): readonly string[] {
  if (asked === undefined || marked.length === 0) return marked;
  const keys = new Set(cellsOf(asked).flat().map(cellKey));
  return marked.every((key) => keys.has(key)) ? marked : marked.filter((key) => keys.has(key));
}
