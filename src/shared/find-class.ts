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

/**
 * Two classes divided by a comma, as `findClass` finds each; names may hold commas themselves.
 *
 * @throws Failure `class-unknown` where the text cannot be divided so, or in several ways
 */
export function findTwoClasses(text: string, labels: readonly string[]): readonly [number, number] {
  const parts = text.split(',');
  const found: [number, number][] = [];
  let first: unknown;
  for (let at = 1; at < parts.length; at++) {
    try {
      const sides = [parts.slice(0, at), parts.slice(at)].map((side) => side.join(',').trim());
      found.push([findClass(sides[0] ?? '', labels), findClass(sides[1] ?? '', labels)]);
    } catch (error) {
      first ??= error;
    }
  }
  const [one, ...more] = found;
  const same = more.every((other) => other[0] === one?.[0] && other[1] === one[1]);
  if (one !== undefined && same) return one;
  if (parts.length === 2) throw first;
  throw new Failure(
    'class-unknown',
    found.length === 0
      ? `“${text}” does not name two classes divided by a comma.`
      : `“${text}” can be divided into two classes in several ways.`,
    'Give the numbers of two classes, e.g. 281,282.',
  );
}

/** Of a number that is none of a model's classes. */
export function noSuchClass(index: number, count: number): Failure {
  return new Failure(
    'class-unknown',
    `There is no class ${index}: the model has ${count}, numbered from 0.`,
    `Choose a number from 0 to ${count - 1}.`,
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
