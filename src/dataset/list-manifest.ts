import path from 'node:path';
import { homeFolder } from '../engine/files/home-folder';
import { Failure } from '../shared/failure';
import { isImagePath } from '../shared/picture-endings';
import { findColumn, findLabels, type FoundLabels } from './label-columns';
import type { Listed, ListingSource } from './listing';
import { manifestRows, type ManifestPart, type ManifestRow } from './manifest-rows';
import { placeOf } from './place-of';
import type { Skipped } from './sample';
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
const splitColumns = ['split', 'part', 'subset', 'partition', 'set'];
/** These decide which columns hold what. */
const headRows = 10_000;
/** Rows that are told one by one. */
const mostTold = 1000;

/** Which columns hold what. */
interface Columns {
  readonly path: string;
  readonly split: string | undefined;
  readonly labels: FoundLabels;
}

/**
 * The pictures that a CSV, TSV or JSONL manifest names: a path column (relative to the manifest's
 * folder, `~` understood) and, where there are such, labels (`findLabels`) and a `split` column; in the
 * order of the rows. A file that is missing is told when its turn comes.
 *
 * @throws Failure `dataset-unusable` for a single picture
 */
export function listManifest(manifestPath: string): ListingSource {
  const file = path.basename(manifestPath);
  if (isImagePath(file)) {
    throw new Failure(
      'dataset-unusable',
      `${file} is one picture, not a folder or a manifest of pictures.`,
      'Explain it by itself, or give the folder it lies in.',
    );
  }
  const root = path.dirname(path.resolve(manifestPath));
  const skipped: Skipped[] = [];
  let untold = 0;
  let notices: FoundLabels['notices'] = () => [];

  const repeated = (name: string): void => {
    if (skipped.length < mostTold)
      skipped.push({ name, reason: 'Named more than once; the first row counts.' });
    else untold++;
  };

  async function* samples(): AsyncGenerator<readonly Listed[]> {
    const parts = manifestRows(manifestPath);
    try {
      const head = await headOf(parts);
      const columns = columnsOf(head, file);
      notices = columns.labels.notices;
      const listed = async (rows: readonly ManifestRow[]): Promise<readonly Listed[]> => {
        const some: Listed[] = [];
        for (const row of rows) {
          const label = columns.labels.labelOf(row);
          const written = nameIn(row, columns.path, root);
          if (written === undefined) continue;
          const name = isSpeltOneWay(written) ? written : await nameOnDisk(written, root);
          some.push({ name, label, split: splitIn(row, columns.split) });
        }
        return some;
      };
      const first = await listed(head.rows);
      if (!(await anyExists(first, root))) throw nothingExists(file, head.rows.length);
      yield first;
      for await (const { rows } of parts) yield await listed(rows);
    } finally {
      await parts.return();
    }
  }

  return {
    root,
    folders: false,
    samples,
    repeated,
    skipped: () =>
      untold === 0
        ? skipped
        : [...skipped, { name: file, reason: `${untold} more rows name a picture again.` }],
    notices: () => notices(),
    empty: () => nothingExists(file, 0),
  };
}

/** What there is of the first ten thousand rows. */
async function headOf(parts: AsyncGenerator<ManifestPart, void>): Promise<ManifestPart> {
  const rows: ManifestRow[] = [];
  let columns: readonly string[] = [];
  while (rows.length < headRows) {
    const next = await parts.next();
    if (next.done) break;
    rows.push(...next.value.rows);
    columns = next.value.columns;
  }
  return { rows, columns };
}

function columnsOf({ rows, columns }: ManifestPart, file: string): Columns {
  const pathColumn = findPathColumn(rows, columns, file);
  const split = findColumn(columns, splitColumns);
  const taken = [pathColumn, ...(split === undefined ? [] : [split])];
  return { path: pathColumn, split, labels: findLabels(rows, columns, taken, file) };
}

/**
 * By name, else the first column whose first value ends like a picture.
 *
 * @throws Failure `dataset-unusable` without such a column, or where the first row is no header
 */
function findPathColumn(
  [first]: readonly ManifestRow[],
  columns: readonly string[],
  file: string,
): string {
  const column =
    findColumn(columns, pathColumns) ?? columns.find((one) => isImagePath(first?.get(one) ?? ''));
  const names = `one of ${pathColumns.join(', ')}`;
  if (columns.some(isImagePath)) {
    throw new Failure(
      'dataset-unusable',
      `${file} begins with a picture where the names of its columns should stand.`,
      `Put a first row with names above it: ${names} for the paths, and label for the classes.`,
    );
  }
  if (column !== undefined && first !== undefined) return column;
  throw new Failure(
    'dataset-unusable',
    first === undefined
      ? `${file} has no rows.`
      : `${file} has no column with picture paths; its columns are ${columns.join(', ')}.`,
    `Name the column ${names}, and give a header row.`,
  );
}

/** From the manifest's folder; undefined where the row names no picture. */
function nameIn(row: ManifestRow, column: string, root: string): string | undefined {
  const written = row.get(column) ?? '';
  if (written === '') return undefined;
  if (isPlain(written)) return written;
  return nameOf(path.resolve(root, expandHome(written.replaceAll('\\', '/'))), root);
}

/** Whether a path is the name of what it leads to: of a million rows, most are. */
function isPlain(written: string): boolean {
  return !/[\\:~]|(?:^|\/)\.{0,2}(?:\/|$)/.test(written);
}

function nameOf(file: string, root: string): string {
  return path.relative(root, file).split(path.sep).join('/');
}

/** Whether no accent in it could be put together otherwise. */
function isSpeltOneWay(name: string): boolean {
  return /^[\x20-\x7e]*$/.test(name) || name.normalize('NFC') === name.normalize('NFD');
}

async function nameOnDisk(name: string, root: string): Promise<string> {
  const place = await placeOf(path.resolve(root, name));
  return place === undefined ? name : nameOf(place, root);
}

function splitIn(row: ManifestRow, column: string | undefined): Listed['split'] {
  return column === undefined ? undefined : splitOf(row.get(column));
}

function expandHome(written: string): string {
  return written.startsWith('~/') ? path.join(homeFolder(), written.slice(2)) : written;
}

async function anyExists(some: readonly Listed[], root: string): Promise<boolean> {
  for (const { name } of some)
    if ((await placeOf(path.resolve(root, name))) !== undefined) return true;
  return false;
}

function nothingExists(file: string, rows: number): Failure {
  return new Failure(
    'dataset-unusable',
    `${file} names no picture that exists (${rows} rows looked at).`,
    'Paths are taken relative to the folder of the manifest; check the first rows.',
  );
}
