/** From the words of a dataset to the classes of a model. */
import { labelReadings, type LabelReading, type LabelReadingChoice } from '../shared/label-reading';
import { ownValue } from '../shared/own-value';
import { ClassNames, numberIn } from './class-names';
import { byCodePoints, byNumbersWithin } from './label-order';

/** Label as written in the dataset → class index of the model; what a person edited wins. */
export type LabelMapping = Readonly<Record<string, number>>;

/** What is known of the labels beside their words. */
export interface LabelHints {
  /** Goes before any name. */
  readonly mapping?: LabelMapping;
  /** What a person said; left out: what the labels and the names of the classes suggest. */
  readonly reading?: LabelReading | undefined;
  /** What the first labels suggested, where no more of them were known. */
  readonly decided?: LabelReading | undefined;
  /** Whether they are names of folders, which libraries number in their order. */
  readonly folders?: boolean;
}

export interface LabelMatch {
  /** Class index by label; labels without a class are absent. */
  readonly indexByLabel: ReadonlyMap<string, number>;
  /** Labels that no class fits, or several do, in the order given. */
  readonly unmatched: readonly string[];
  /** Of these the ones that name several classes. */
  readonly ambiguous: readonly { readonly label: string; readonly indices: readonly number[] }[];
  /** Labels that are written otherwise than the class that they were taken for. */
  readonly near: readonly { readonly label: string; readonly index: number }[];
  /** How they were read, and a label that was not among them would be; orders know these labels only. */
  readonly reading: LabelReading;
  readonly classOf: (label: string) => number | undefined;
  /** Undefined where there is one way only: no label is a number, and the classes have names. */
  readonly choice: LabelReadingChoice | undefined;
}

/**
 * Matches each label to a class: by the person's mapping, by name (`ClassNames`), by WordNet synset,
 * by number.
 *
 * Names go before numbers: where any number is a class's name, all of them are names.
 * Where none is, they are class numbers if the model has these, else places in the order in which
 * libraries number folders, if there are as many as classes.
 */
export function matchLabels(
  labels: readonly string[],
  classNames: readonly string[],
  { mapping = {}, reading: said, decided, folders = false }: LabelHints,
): LabelMatch {
  const names = new ClassNames(classNames);
  const numerals = labels.filter((label) => numberIn(label) !== undefined);
  const reading = said ?? decided ?? likelyReading(labels, numerals, names, folders);
  const readers = readersOf(labels, names);
  const read = (label: string): ReturnType<Reader> => {
    const meant = ownValue(mapping, label);
    return meant === undefined ? readers[reading](label) : { indices: [meant], alike: true };
  };

  const indexByLabel = new Map<string, number>();
  const near: { label: string; index: number }[] = [];
  const ambiguous: { label: string; indices: readonly number[] }[] = [];
  for (const label of labels) {
    const found = read(label);
    const [index, ...others] = found?.indices ?? [];
    if (index === undefined) continue;
    if (others.length > 0) ambiguous.push({ label, indices: [index, ...others] });
    else indexByLabel.set(label, index);
    if (others.length === 0 && found?.alike === false) near.push({ label, index });
  }
  const unnamed = classNames.every((name, index) => name === `class ${index}`);
  const inOrder = unnamed && labels.length === classNames.length && labels.length > 1;
  const choices = labelReadings.filter(
    (one) =>
      one === reading ||
      ((one.endsWith('order') ? labels.length === classNames.length : true) &&
        (one.startsWith('numbers') ? numerals.length > 0 : true)),
  );
  return {
    indexByLabel,
    unmatched: labels.filter((label) => !indexByLabel.has(label)),
    ambiguous,
    near,
    reading,
    classOf: (label) => {
      const [index, ...others] = read(label)?.indices ?? [];
      return others.length === 0 ? index : undefined;
    },
    choice:
      numerals.length === 0 && !inOrder && said === undefined
        ? undefined
        : {
            reading,
            said: said !== undefined,
            choices,
            examples: examplesOf(labels, readers, choices),
          },
  };
}

type Reader = (label: string) => ReturnType<ClassNames['find']>;

function readersOf(
  labels: readonly string[],
  names: ClassNames,
): Readonly<Record<LabelReading, Reader>> {
  const count = names.names.length;
  const one = (index: number | undefined) =>
    index !== undefined && index >= 0 && index < count
      ? { indices: [index], alike: true }
      : undefined;
  const numbered =
    (from: number): Reader =>
    (label) => {
      const number = numberIn(label);
      return number === undefined ? names.find(label) : one(number - from);
    };
  const placed = (compare: (a: string, b: string) => number): Reader => {
    const places = new Map([...labels].sort(compare).map((label, index) => [label, index]));
    return (label) => one(places.get(label));
  };
  return {
    names: (label) => names.find(label),
    numbers: numbered(0),
    'numbers-from-1': numbered(1),
    'text-order': placed(byCodePoints),
    'number-order': placed(byNumbersWithin),
  };
}

function likelyReading(
  labels: readonly string[],
  numerals: readonly string[],
  names: ClassNames,
  folders: boolean,
): LabelReading {
  const count = names.names.length;
  const numbers = numerals.map((label) => numberIn(label) ?? 0);
  if (numerals.some((label) => names.find(label) !== undefined)) return 'names';
  if (numbers.length === 0) return 'names';
  if (numbers.every((number) => number < count)) return 'numbers';
  const areAll = numerals.length === labels.length && labels.length === count;
  if (folders && areAll) return 'text-order';
  if (numbers.every((number) => number > 0 && number <= count)) return 'numbers-from-1';
  return areAll ? 'number-order' : 'numbers';
}

/** Of the label on which they differ most. */
function examplesOf(
  labels: readonly string[],
  readers: Readonly<Record<LabelReading, Reader>>,
  choices: readonly LabelReading[],
): LabelReadingChoice['examples'] {
  const readAs = (label: string, reading: LabelReading): number | undefined => {
    const indices = readers[reading](label)?.indices ?? [];
    return indices.length === 1 ? indices[0] : undefined;
  };
  const differences = labels.map((label) => {
    const read = choices.map((reading) => readAs(label, reading));
    return new Set(read.filter((index) => index !== undefined)).size;
  });
  const most = differences.reduce((largest, one) => Math.max(largest, one), 0);
  const label = labels[differences.indexOf(most)] ?? '';
  const examples = labelReadings.map((reading) => [
    reading,
    { label, index: readAs(label, reading) },
  ]);
  return Object.fromEntries(examples) as LabelReadingChoice['examples'];
}

/** Whether what one label means cannot be said before all are known. */
export function needsAllLabels(labels: readonly string[], said: LabelReading | undefined): boolean {
  const isOrder = said === 'text-order' || said === 'number-order';
  return isOrder || labels.some((label) => numberIn(label) !== undefined);
}
