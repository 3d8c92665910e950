import { stat } from 'node:fs/promises';
import path from 'node:path';
import { homeFolder } from '../engine/files/home-folder';
import { Failure } from '../shared/failure';
import { findColumn, findLabels } from './label-columns';
import { readManifestRows, type ManifestRow } from './manifest-rows';
import { isImagePath } from '../shared/picture-endings';
import type { Sample, SampleList } from './sample';
import { splitOf } from './split-of';

const pathColumns = [
  'path',
  'file',
  'filename',
  'file_name',
  'filepath',
  'image',
  'image_path',
  'img',
];
const portionSize = 256;
const splitColumns = ['split', 'part', 'subset', 'partition', 'set'];

/**
 * The pictures that a CSV, TSV or JSONL manifest names: a path column (relative to the manifest's
 * folder, `~` understood) and, where there are such, labels (`findLabels`) and a `split` column. Rows whose file is
 * missing are listed as skipped; the order of the rows is kept.
 *
 * @throws Failure `dataset-unusable` when the file is not such a manifest or names no picture that exists.
 */
export async function listManifest(manifestPath: string): Promise<SampleList> {
  const file = path.basename(manifestPath);
  if (isImagePath(file)) {
    throw new Failure(
      'dataset-unusable',
      `${file} is one picture, not a folder or a manifest of pictures.`,
      'Explain it by itself, or give the folder it lies in.',
    );
  }
  const rows = await readManifestRows(manifestPath);
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const pathColumn = findPathColumn(rows, columns, file);
  const splitColumn = findColumn(columns, splitColumns);
  const taken = [pathColumn, ...(splitColumn === undefined ? [] : [splitColumn])];
  const { labelOf, notices } = findLabels(rows, columns, taken, file);
  const root = path.dirname(path.resolve(manifestPath));
  const samples: Sample[] = [];
  const skipped: { name: string; reason: string }[] = [];
  const seen = new Set<string>();
  const named = rows.flatMap((row) => {
    const written = row[pathColumn] ?? '';
    if (written === '') return [];
    return [{ row, picture: path.resolve(root, expandHome(written.replaceAll('\\', '/'))) }];
  });
  const places = await inPortions(named, ({ picture }) => placeOf(picture));
  for (const [index, { row, picture: written }] of named.entries()) {
    const place = places[index];
    const picture = place ?? written;
    const name = path.relative(root, picture).split(path.sep).join('/');
    if (seen.has(name)) {
      skipped.push({ name, reason: 'Named more than once; the first row counts.' });
      continue;
    }
    seen.add(name);
    if (place === undefined) {
      skipped.push({ name, reason: 'There is no such file.' });
      continue;
    }
    samples.push({
      path: picture,
      name,
      label: labelOf(row),
      split: splitColumn === undefined ? undefined : splitOf(row[splitColumn]),
    });
  }
  if (samples.length === 0) {
    throw new Failure(
      'dataset-unusable',
      `${file} names no picture that exists (${skipped.length} rows looked at).`,
      'Paths are taken relative to the folder of the manifest; check the first rows.',
    );
  }
  return { root, form: 'manifest', samples, skipped, notices };
}

/**
 * By name, else the first column whose first value ends like a picture.
 *
 * @throws Failure `dataset-unusable` without such a column, or where the first row is no header
 */
function findPathColumn(
  rows: readonly ManifestRow[],
  columns: readonly string[],
  file: string,
): string {
  const [first] = rows;
  const column =
    findColumn(columns, pathColumns) ??
    Object.entries(first ?? {}).find(([, value]) => isImagePath(value))?.[0];
  const names = `one of ${pathColumns.join(', ')}`;
  if (columns.some(isImagePath)) {
    throw new Failure(
      'dataset-unusable',
      `${file} begins with a picture where the names of its columns should stand.`,
      `Put a first row with names above it: ${names} for the paths, and label for the classes.`,
    );
  }
  if (column !== undefined) return column;
  throw new Failure(
    'dataset-unusable',
    first === undefined
      ? `${file} has no rows.`
      : `${file} has no column with picture paths; its columns are ${columns.join(', ')}.`,
    `Name the column ${names}, and give a header row.`,
  );
}

function expandHome(written: string): string {
  return written.startsWith('~/') ? path.join(homeFolder(), written.slice(2)) : written;
}

/** As it is called on the disk, where accents may be put together otherwise. */
async function placeOf(picture: string): Promise<string | undefined> {
  for (const spelt of new Set([picture, picture.normalize('NFC'), picture.normalize('NFD')]))
    if (await isFile(spelt)) return spelt;
  return undefined;
}

async function isFile(file: string): Promise<boolean> {
  try {
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}

/** A few hundred questions to the disk at a time. */
async function inPortions<Item, Answer>(
  items: readonly Item[],
  ask: (item: Item) => Promise<Answer>,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let from = 0; from < items.length; from += portionSize)
    answers.push(...(await Promise.all(items.slice(from, from + portionSize).map(ask))));
  return answers;
}
