/** What comes to be known of a comparison, by the work in the extension, and what a person's wish changes at once. */
import type { Activity } from '../activity';
import type { FromComparison } from '../protocol/compare';
import type { Comparison } from './comparison';
import {
  missingCells,
  withCells,
  type Cell,
  type ComparedModel,
  type ComparedPicture,
  type ComparisonState,
} from './comparison-state';

interface Facts {
  readonly activity: { readonly activity: Activity };
  readonly settled: { readonly asked: Comparison; readonly colourMap: string };
  readonly listed: Pick<ComparisonState, 'models' | 'methods'>;
  readonly opened: { readonly model: ComparedModel };
  readonly drawn: { readonly picture: ComparedPicture };
  readonly found: { readonly cells: readonly Cell[] };
  /** What was said of these no longer holds; without either, of all. */
  readonly outdated: { readonly picture?: string; readonly model?: string };
}

export type ComparisonFact = {
  [Kind in keyof Facts]: { readonly kind: Kind } & Facts[Kind];
}[keyof Facts];

export function learned(state: ComparisonState, fact: ComparisonFact): ComparisonState {
  switch (fact.kind) {
    case 'activity':
      return { ...state, activity: fact.activity };
    case 'settled':
      return { ...state, asked: fact.asked, colourMap: fact.colourMap };
    case 'listed':
      return { ...state, models: fact.models, methods: fact.methods };
    case 'opened': {
      const others = state.opened.filter(({ id }) => id !== fact.model.id);
      return { ...state, opened: [...others, fact.model] };
    }
    case 'drawn': {
      const { uri, modelId, imageSrc } = fact.picture;
      const isOf = (one: ComparedPicture) => one.uri === uri && one.modelId === modelId;
      if (state.drawn.some((one) => isOf(one) && one.imageSrc === imageSrc)) return state;
      return { ...state, drawn: [...state.drawn.filter((one) => !isOf(one)), fact.picture] };
    }
    case 'found':
      return withCells(state, fact.cells);
    case 'outdated': {
      const { picture, model } = fact;
      const holds = ({ address: { pictures, models } }: Cell): boolean =>
        (picture !== undefined && pictures !== picture) ||
        (model !== undefined && models !== model);
      return { ...state, cells: state.cells.filter(holds) };
    }
  }
}

/** What a person's wish changes at once, on both sides alike. */
export function intended(state: ComparisonState, intent: FromComparison): ComparisonState {
  switch (intent.kind) {
    case 'choose':
      return comparing({ ...state, asked: intent.asked });
    case 'retry':
      return comparing({
        ...state,
        cells: state.cells.filter(({ outcome }) => outcome.kind !== 'failed'),
      });
    case 'cancel':
      return state.activity.kind === 'busy' ? { ...state, activity: { kind: 'cancelled' } } : state;
    default:
      return state;
  }
}

function comparing(state: ComparisonState): ComparisonState {
  if (missingCells(state).length === 0) return { ...state, activity: { kind: 'idle' } };
  return { ...state, activity: { kind: 'busy', phrase: 'Comparing' } };
}
