/** How labels that are numbers, or that have no names to be compared with, are read as classes. */

export const labelReadings = [
  'names',
  'numbers',
  'numbers-from-1',
  'text-order',
  'number-order',
] as const;

/**
 * - `names`: a label is a class's name, also where it is a number.
 * - `numbers`: a number is the class's own, counted from 0.
 * - `numbers-from-1`: the same, counted from 1.
 * - `text-order`: a label is its place among all labels, sorted as text, as the ImageFolder of
 *   torchvision, Keras and the datasets of Hugging Face do: 0, 1, 10, 11, 2.
 * - `number-order`: its place, numbers in them sorted by their value, as timm does: 0, 1, 2, 10, 11.
 */
export type LabelReading = (typeof labelReadings)[number];

/** What a reading makes of the labels. */
export const readingWords: Readonly<Record<LabelReading, string>> = {
  names: 'names of classes',
  numbers: 'class numbers, from 0',
  'numbers-from-1': 'class numbers, from 1',
  'text-order': 'places among the labels sorted as text, as torchvision’s ImageFolder does',
  'number-order': 'places among the labels sorted by number, as timm does',
};

/** A class that a reading takes a label for; without one, it takes it for none. */
export interface ReadLabel {
  readonly label: string;
  readonly index: number | undefined;
}

/** How the labels of a dataset were read, and how else they could be. */
export interface LabelReadingChoice {
  readonly reading: LabelReading;
  /** Whether a person said so. */
  readonly said: boolean;
  /** What is worth choosing from, with `reading`: the orders only where there are as many labels as classes. */
  readonly choices: readonly LabelReading[];
  /** A label on which the readings differ, as each of them reads it. */
  readonly examples: Readonly<Record<LabelReading, ReadLabel>>;
}

/** `“2” is class 4, fox`. */
export function exampleWords({ label, index }: ReadLabel, classes: readonly string[]): string {
  if (index === undefined) return `“${label}” is no class`;
  const name = classes[index];
  const named = name === undefined || name === `class ${index}` ? '' : `, “${name}”`;
  return `“${label}” is class ${index}${named}`;
}
