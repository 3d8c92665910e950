import * as v from 'valibot';
import type { Heatmap } from './explanation';

/** Which class of a model, from 0. */
export const classIndexSchema = v.pipe(v.number(), v.integer(), v.minValue(0));

/** The first of several names of a class that are divided by commas. */
export function shortName(classes: readonly string[], index: number): string {
  return classes[index]?.split(',', 1)[0] ?? `class ${index}`;
}

/** What a map shows the evidence for, in quotation marks. */
export function subjectOf({
  label,
  againstLabel,
}: Pick<Heatmap, 'label' | 'againstLabel'>): string {
  return againstLabel === undefined ? `“${label}”` : `“${label}” rather than “${againstLabel}”`;
}

/** Phrases without the words that all of them begin with: what tells them apart. */
export function withoutSharedBeginning(phrases: readonly string[]): readonly string[] {
  const words = phrases.map((phrase) => phrase.split(' '));
  const [first = []] = words;
  const shortest = Math.min(...words.map(({ length }) => length));
  let shared = 0;
  while (shared < shortest - 1 && words.every((one) => one[shared] === first[shared])) shared += 1;
  return words.map((one) => one.slice(shared).join(' '));
}
