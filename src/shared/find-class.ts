/** Which class a person means by a number or a name. */
import { Failure } from './failure';

const shownCandidates = 6;

/**
 * A whole name counts before one of several names divided by commas, and that before a part of a
 * name; upper and lower case are the same.
 *
 * @throws Failure `class-unknown` when there is none, or several
 */
export function findClass(text: string, labels: readonly string[]): number {
  if (/^\d+$/.test(text)) return Number(text);
  const wanted = text.trim().toLowerCase();
  const rules: readonly ((label: string) => boolean)[] = [
    (label) => label === wanted,
    (label) => label.split(',').some((name) => name.trim() === wanted),
    (label) => label.includes(wanted),
  ];
  for (const rule of rules) {
    const found = labels.flatMap((label, index) => (rule(label.toLowerCase()) ? [index] : []));
    const [first] = found;
    if (first !== undefined && found.length === 1) return first;
    if (found.length > 1) throw ambiguous(text, found, labels);
  }
  throw new Failure(
    'class-unknown',
    labels.length === 0
      ? `The model has no class names, so “${text}” cannot be found.`
      : `The model has no class named “${text}”.`,
    'Give the number of the class, counted from 0.',
  );
}

function ambiguous(text: string, found: readonly number[], labels: readonly string[]): Failure {
  const shown = found.slice(0, shownCandidates).map((index) => `${index} ${labels[index] ?? ''}`);
  const more = found.length > shown.length ? `, and ${found.length - shown.length} more` : '';
  return new Failure(
    'class-unknown',
    `“${text}” fits several classes: ${shown.join('; ')}${more}.`,
    'Give the number of the one you mean.',
  );
}
