/** The small file beside a dataset in which a person says which class a label means. */
import path from 'node:path';
import * as v from 'valibot';
import { writeWhole } from '../engine/files/write-whole';
import { largest, NotRead, readRegular } from '../engine/files/regular-file';
import { decodeText } from '../shared/decode-text';
import { describeIssues } from '../shared/describe-issues';
import { Failure } from '../shared/failure';
import { labelReadings, type LabelReading } from '../shared/label-reading';
import { parseJson } from '../shared/parse-json';
import { ClassNames, numberIn } from './class-names';
import type { LabelMapping } from './match-labels';

/** Its name where the person names no other. */
export const mappingFileName = 'vit-labels.json';

const meanings = v.record(v.string(), v.union([v.string(), v.pipe(v.number(), v.integer())]));
/** Where a person said how numbers are read, the meanings of single labels stand one level deeper. */
const schema = v.union([
  v.strictObject({ read: v.picklist(labelReadings), labels: v.exactOptional(meanings, {}) }),
  v.pipe(
    meanings,
    v.transform((labels) => ({ read: undefined, labels })),
  ),
]);

/** What a person says of a dataset's labels. */
export interface LabelWords {
  readonly read: LabelReading | undefined;
  readonly mapping: LabelMapping;
}

/** The mapping file of a dataset: beside its pictures or its manifest. */
export function mappingFileOf(root: string): string {
  return path.join(root, mappingFileName);
}

/**
 * Reads a mapping: `{"label": "class name" or class number}`, or with the way to read all labels
 * `{"read": "text-order", "labels": {…}}`.
 *
 * @param classNames of the model, one for each class
 * @returns an empty mapping where there is no file
 * @throws Failure `dataset-unusable` for a file that is none, or a class that the model lacks
 */
export async function readLabelMapping(
  file: string,
  classNames: readonly string[],
): Promise<LabelWords> {
  const { read, labels } = await readMeanings(file);
  const names = new ClassNames(classNames);
  const entries = Object.entries(labels).map(([label, meant]) => {
    const index = classMeant(meant, names);
    if (index === undefined)
      throw unusable(file, `the model has no class “${meant}”, which it names for “${label}”`);
    return [label, index] as const;
  });
  return { read, mapping: Object.fromEntries(entries) };
}

/**
 * What of a mapping fits this model: it may have been written for another one.
 *
 * @throws Failure `dataset-unusable` for a file that is no mapping
 */
export async function readFittingMapping(
  file: string,
  classNames: readonly string[],
): Promise<LabelWords> {
  const { read, labels } = await readMeanings(file);
  const names = new ClassNames(classNames);
  const entries = Object.entries(labels).flatMap(([label, meant]) => {
    const index = classMeant(meant, names);
    return index === undefined ? [] : [[label, index] as const];
  });
  return { read, mapping: Object.fromEntries(entries) };
}

/**
 * Keeps what a label means, by the class's name where the model has one; the file is replaced in one
 * step, what it says of other labels stays.
 *
 * @param index left out: the label means nothing any more
 * @throws Failure `dataset-unusable` for a file that is no mapping, `cache-unwritable`
 */
export async function keepMeaning(
  file: string,
  label: string,
  index: number | undefined,
  classNames: readonly string[],
): Promise<void> {
  const { read, labels } = await readMeanings(file);
  const others = Object.entries(labels).filter(([known]) => known !== label);
  const own = index === undefined ? [] : [[label, nameMeaning(index, classNames)] as const];
  await keep(file, { read, labels: Object.fromEntries([...others, ...own]) });
}

/**
 * Keeps how the labels are to be read.
 *
 * @throws Failure `dataset-unusable` for a file that is no mapping, `cache-unwritable`
 */
export async function keepReading(file: string, read: LabelReading): Promise<void> {
  const { labels } = await readMeanings(file);
  await keep(file, { read, labels });
}

type Meanings = v.InferOutput<typeof schema>;

async function keep(file: string, { read, labels }: Meanings): Promise<void> {
  const value = read === undefined ? labels : { read, labels };
  try {
    await writeWhole(file, (handle) =>
      handle.writeFile(`${JSON.stringify(value, undefined, 2)}\n`),
    );
  } catch (cause) {
    throw new Failure(
      'cache-unwritable',
      `The labels could not be kept in ${file}.`,
      'Check that you may write in this folder.',
      { cause },
    );
  }
}

async function readMeanings(file: string): Promise<Meanings> {
  let text: string;
  try {
    text = decodeText(await readRegular(file, largest.besideModel));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return { read: undefined, labels: {} };
    throw unusable(file, cause instanceof NotRead ? cause.message : 'it cannot be read', cause);
  }
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (cause) {
    throw unusable(file, 'it is not JSON', cause);
  }
  const found = v.safeParse(schema, value, { abortEarly: true });
  if (!found.success) throw unusable(file, describeIssues(found.issues));
  return found.output;
}

/** A number is the class's own; text is its name, or its number where no class is called so. */
function classMeant(meant: string | number, names: ClassNames): number | undefined {
  if (typeof meant === 'string') {
    const named = names.find(meant);
    if (named !== undefined) return named.indices.length === 1 ? named.indices[0] : undefined;
  }
  const number = typeof meant === 'number' ? meant : numberIn(meant);
  return number !== undefined && number in names.names ? number : undefined;
}

/** The class's name where reading it back gives the same class; else its number. */
function nameMeaning(index: number, classNames: readonly string[]): string | number {
  const name = classNames[index];
  if (name === undefined) return index;
  return classMeant(name, new ClassNames(classNames)) === index ? name : index;
}

function unusable(file: string, why: string, cause?: unknown): Failure {
  return new Failure(
    'dataset-unusable',
    `${file} is not a mapping of labels: ${why}.`,
    `Write {"label": "class name"}, or the number of the class. How numbers are read is said by {"read": "text-order", "labels": {…}}, with one of ${labelReadings.join(', ')}.`,
    cause === undefined ? undefined : { cause },
  );
}
