/** What a comparison begins with, where nobody said otherwise. */
import type * as vscode from 'vscode';
import { classKey } from '../../shared/compare/compared-class';
import type { Comparison } from '../../shared/compare/comparison';
import type { ComparisonState } from '../../shared/compare/comparison-state';
import type { PictureChange } from '../../shared/picture-change';
import type { Looks } from '../../shared/panel/looks';
import { bestForModel, defaultMethod } from '../../shared/method-choice';
import { explainSettings } from '../settings';

/** What a comparison is opened with. */
export interface ComparisonStart {
  /** At least one. */
  readonly pictures: readonly vscode.Uri[];
  readonly model?: string;
  readonly method?: string;
  /** By `classKey`; the most probable where it is left out. */
  readonly class?: string;
  readonly phrases?: readonly string[];
  /** Of the first picture, as its panel has it. */
  readonly change?: PictureChange;
  /** How maps are drawn; as they usually are where it is left out. */
  readonly looks?: Looks;
  /** After a reload: all of it. */
  readonly asked?: Comparison;
}

export function comparisonOf(
  start: ComparisonStart & { readonly model: string },
  first: vscode.Uri,
  { methods, models }: Pick<ComparisonState, 'methods' | 'models'>,
): Comparison {
  const settings = explainSettings(first);
  const {
    pictures,
    model,
    method = settings.method === bestForModel ? defaultMethod : settings.method,
    class: of = classKey({ kind: 'ranked', rank: 1 }),
    phrases = [],
    change,
  } = start;
  const addresses = pictures.map(String);
  const other = models.find(({ id }) => id !== model)?.id;
  return {
    rows: 'none',
    columns: addresses.length > 1 ? 'pictures' : 'methods',
    spread: {
      methods: methods.map(({ id }) => id),
      classes: Array.from({ length: settings.topK }, (_, at) =>
        classKey({ kind: 'ranked', rank: at + 1 }),
      ),
      models: other === undefined ? [model] : [model, other],
      pictures: addresses,
    },
    held: { methods: method, classes: of, models: model, pictures: addresses[0] ?? '' },
    classesOf: model,
    phrases,
    ...(change && { changed: { picture: first.toString(), change } }),
  };
}
