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
  const entries = Object.entries(found.output).map(([label, meant]): [string, number] => {
    const { indexByLabel } = matchLabels([String(meant)], classNames, [], {});
    const index = indexByLabel.get(String(meant));
    if (index === undefined) {
      throw unusable(file, `the model has no class “${meant}”, which it names for “${label}”`);
    }
    return [label, index];
  });
  return Object.fromEntries(entries);
}

/** Writes a mapping, class names where the model has them; the old file is replaced in one step. */
export async function writeLabelMapping(
  file: string,
  mapping: LabelMapping,
  classNames: readonly string[],
): Promise<void> {
  const entries = Object.entries(mapping).map(([label, index]) => [
    label,
    nameMeaning(index, classNames),
  ]);
  const unfinished = `${file}.${process.pid}.part`;
  try {
    await writeFile(unfinished, `${JSON.stringify(Object.fromEntries(entries), undefined, 2)}\n`);
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
