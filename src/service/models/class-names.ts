/** What the classes of a model are called. */
import type { Explainer } from '../../engine/explainer';
import { counted } from '../../shared/counted';
import type { ModelDescription } from '../../shared/model';
import type { OutputKind } from '../../shared/output-kind';
import { comparesPhrases, noPhrases } from '../../shared/phrases';

/** @throws Failure `class-unknown` for a model that compares phrases, without any */
export function checkPhrases(model: ModelDescription): void {
  if (model.zeroShot !== undefined && !comparesPhrases(model)) throw noPhrases(model);
}

/** Names that do not fit the model would be wrong names: then classes go by number. */
export function labelsFor(
  { labels, name }: ModelDescription,
  { structure: { classes }, output: { kind } }: Explainer,
): { readonly labels: readonly string[]; readonly notices: readonly string[] } {
  if (labels.length === classes) return { labels, notices: [] };
  const usual = usualNames(kind, classes);
  if (labels.length === 0) return { labels: usual, notices: [] };
  const notice = `${name} has ${counted(classes, 'class', 'classes')}, but ${counted(labels.length, 'name was', 'names were')} found, so classes are shown by number. Write one name for each, in their order.`;
  return { labels: usual, notices: [notice] };
}

/** Names where none were found: a single number is no “class 0”. */
function usualNames(kind: OutputKind, count: number): readonly string[] {
  if (kind === 'value')
    return count === 1 ? ['value'] : Array.from({ length: count }, (_, index) => `value ${index}`);
  return count === 1 && kind !== 'softmax' ? ['positive'] : [];
}

/**
 * Of a model that gives the probability of one class alone: its name, and before it one for all else,
 * since below a half that is the answer.
 */
export function bothSides(
  { structure, output }: Explainer,
  [name]: readonly string[],
): readonly [against: string, speaksFor: string] | undefined {
  if (structure.classes !== 1 || output.kind === 'value' || name === undefined) return undefined;
  return [name === 'positive' ? 'negative' : `not ${name}`, name];
}

/** The name of a class, or its number where the model has no names. */
export function labelOf(labels: readonly string[], index: number): string {
  return labels[index] ?? `class ${index}`;
}
