import { parse } from 'csv-parse/sync';
import { readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { Failure } from '../shared/failure';
import { isPicture, type Sample, type SampleList } from './sample';

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
const labelColumns = ['label', 'class', 'class_name', 'target', 'category', 'y'];

type Row = Readonly<Record<string, string>>;

/**
 * The pictures that a CSV, TSV or JSONL manifest names: a path column (relative to the manifest's
 * folder, `~` understood) and, where there is one, a label and a `split` column. Rows whose file is
 * missing are listed as skipped; the order of the rows is kept.
 *
 * @throws Failure `dataset-unusable` when the file is not such a manifest or names no picture that exists.
 */
export async function listManifest(manifestPath: string): Promise<SampleList> {
  const rows = await readRows(manifestPath);
  const pathColumn = findPathColumn(rows);
  if (pathColumn === undefined) {
    throw new Failure(
      'dataset-unusable',
      `${path.basename(manifestPath)} has no column with picture paths.`,
      `Name the column one of ${pathColumns.join(', ')}, and give a header row.`,
    );
  }
  const labelColumn = findColumn(rows, labelColumns);
  const root = path.dirname(path.resolve(manifestPath));
  const samples: Sample[] = [];
  const skipped: { name: string; reason: string }[] = [];
  const seen = new Set<string>();
  for (const row of rows) {
    const written = row[pathColumn] ?? '';
    if (written === '') continue;
    const file = path.resolve(root, expandHome(written.replaceAll('\\', '/')));
    const name = path.relative(root, file).split(path.sep).join('/');
    if (seen.has(name)) {
      skipped.push({ name, reason: 'Named more than once; the first row counts.' });
      continue;
    }
    seen.add(name);
    if (!(await isFile(file))) {
      skipped.push({ name, reason: 'There is no such file.' });
      continue;
    }
    const label = labelColumn === undefined ? undefined : row[labelColumn];
    const split = row.split;
    samples.push({
      path: file,
      name,
      label: label === undefined || label === '' ? undefined : label,
      split: split === 'train' ? 'train' : split === 'val' || split === 'valid' ? 'val' : undefined,
    });
  }
  if (samples.length === 0) {
    throw new Failure(
      'dataset-unusable',
      `${path.basename(manifestPath)} names no picture that exists (${skipped.length} rows looked at).`,
      'Paths are taken relative to the folder of the manifest; check the first rows.',
    );
  }
  return { root, form: 'manifest', samples, skipped };
}

async function readRows(manifestPath: string): Promise<Row[]> {
  const text = await readFile(manifestPath, 'utf8');
  try {
    if (/\.(jsonl|ndjson)$/i.test(manifestPath)) {
      return text
        .split('\n')
        .filter((line) => line.trim() !== '')
        .map((line) => stringFields(JSON.parse(line)));
    }
    const delimiter = /\.tsv$/i.test(manifestPath) ? '\t' : [',', ';', '\t'];
    return parse(text, { columns: true, delimiter, bom: true, trim: true, skip_empty_lines: true });
  } catch (cause) {
    throw new Failure(
      'dataset-unusable',
      `${path.basename(manifestPath)} could not be read as a manifest: ${cause instanceof Error ? cause.message : String(cause)}.`,
      'Give a CSV with a header row, or one JSON object a line.',
      { cause },
    );
  }
}

function stringFields(value: unknown): Row {
  if (typeof value !== 'object' || value === null) throw new Error('a line is not a JSON object');
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, field]) => ['string', 'number', 'boolean'].includes(typeof field))
      .map(([key, field]) => [key, String(field)]),
  );
}

function findColumn(rows: readonly Row[], wanted: readonly string[]): string | undefined {
  const columns = Object.keys(rows[0] ?? {});
  for (const name of wanted) {
    const column = columns.find((candidate) => candidate.toLowerCase() === name);
    if (column !== undefined) return column;
  }
  return undefined;
}

/** By name, else the first column whose first value ends like a picture. */
function findPathColumn(rows: readonly Row[]): string | undefined {
  return (
    findColumn(rows, pathColumns) ??
    Object.entries(rows[0] ?? {}).find(([, value]) => isPicture(value))?.[0]
  );
}

function expandHome(written: string): string {
  return written.startsWith('~/') ? path.join(homedir(), written.slice(2)) : written;
}

async function isFile(file: string): Promise<boolean> {
  try {
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}
