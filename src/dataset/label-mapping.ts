/** The small file beside a dataset in which a person says which class a label means. */
import { readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { Failure } from '../shared/failure';
import { matchLabels, type LabelMapping } from './match-labels';

/** Its name where the person names no other. */
export const mappingFileName = 'vit-labels.json';

const schema = v.record(v.string(), v.union([v.string(), v.pipe(v.number(), v.integer())]));

/** The mapping file of a dataset: beside its pictures or its manifest. */
export function mappingFileOf(root: string): string {
  return path.join(root, mappingFileName);
}

/**
 * Reads a mapping: `{"label": "class name" or class number}`.
 *
 * @param classNames of the model; may be empty, then only numbers are understood
 * @returns an empty mapping where there is no file
 * @throws Failure `dataset-unusable` for a file that is none, or a class that the model lacks
 */
export async function readLabelMapping(
  file: string,
  classNames: readonly string[],
): Promise<LabelMapping> {
  const entries = Object.entries(await readMeanings(file)).map(([label, meant]) => {
    const index = classMeant(meant, classNames);
    if (index === undefined) {
      throw unusable(file, `the model has no class “${meant}”, which it names for “${label}”`);
    }
    return [label, index] as const;
  });
  return Object.fromEntries(entries);
}

/**
 * What of a mapping fits this model: it may have been written for another one.
 *
 * @throws Failure `dataset-unusable` for a file that is no mapping
 */
export async function readFittingMapping(
  file: string,
  classNames: readonly string[],
): Promise<LabelMapping> {
  const entries = Object.entries(await readMeanings(file)).flatMap(([label, meant]) => {
    const index = classMeant(meant, classNames);
    return index === undefined ? [] : [[label, index] as const];
  });
  return Object.fromEntries(entries);
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
  const others = Object.entries(await readMeanings(file)).filter(([known]) => known !== label);
  const own = index === undefined ? [] : [[label, nameMeaning(index, classNames)] as const];
  const meanings = Object.fromEntries([...others, ...own]);
  const unfinished = `${file}.${process.pid}.part`;
  try {
    await writeFile(unfinished, `${JSON.stringify(meanings, undefined, 2)}\n`);
    await rename(unfinished, file);
  } catch (cause) {
    throw new Failure(
      'cache-unwritable',
      `The labels could not be kept in ${file}.`,
      'Check that you may write in this folder.',
      { cause },
    );
  }
}

type Meanings = v.InferOutput<typeof schema>;

async function readMeanings(file: string): Promise<Meanings> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw unusable(file, 'it cannot be read', cause);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw unusable(file, 'it is not JSON', cause);
  }
  const found = v.safeParse(schema, value);
  if (!found.success) throw unusable(file, v.summarize(found.issues));
  return found.output;
}

function classMeant(meant: string | number, classNames: readonly string[]): number | undefined {
  return matchLabels([String(meant)], classNames, [], {}).indexByLabel.get(String(meant));
}

/** The class's name where reading it back gives the same class; else its number. */
function nameMeaning(index: number, classNames: readonly string[]): string | number {
  const name = classNames[index];
  if (name === undefined) return index;
  return matchLabels([name], classNames, [], {}).indexByLabel.get(name) === index ? name : index;
}

function unusable(file: string, why: string, cause?: unknown): Failure {
  return new Failure(
    'dataset-unusable',
    `${file} is not a mapping of labels: ${why}.`,
    'Write {"label": "class name"}, or the number of the class.',
    cause === undefined ? undefined : { cause },
  );
}
