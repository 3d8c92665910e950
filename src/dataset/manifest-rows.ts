/** The rows of a CSV, TSV or JSONL file, whatever program wrote it. */
import { parse } from 'csv-parse/sync';
import path from 'node:path';
import { largest, readRegular } from '../engine/files/regular-file';
import { decodeText } from '../shared/decode-text';
import { Failure } from '../shared/failure';
import { mostParts, parseJson } from '../shared/parse-json';

/** Column name → text; JSON numbers, booleans and lists of such are written out, other values left out. */
export type ManifestRow = Readonly<Record<string, string>>;

/** Of files under any ending; the rarer one in names goes first. */
const separators = ['\t', ';', ','];

/** @throws Failure `dataset-unusable` for a file that is neither, with the line that is at fault */
export async function readManifestRows(manifestPath: string): Promise<readonly ManifestRow[]> {
  const name = path.basename(manifestPath);
  let text: string;
  try {
    text = decodeText(await readRegular(manifestPath, largest.table));
  } catch (cause) {
    throw new Failure(
      'dataset-unusable',
      `${name} could not be read: ${reasonOf(cause)}.`,
      'Check that it is there and that you may open it.',
      { cause },
    );
  }
  const isJsonLines = /\.(jsonl|ndjson)$/i.test(name);
  if (!isJsonLines && isJson(text)) {
    throw new Failure(
      'dataset-unusable',
      `${name} is one JSON document, not a table.`,
      'Give a CSV with a header row, or a .jsonl file with one JSON object a line. A COCO file tells where the objects are: it goes with the annotations.',
    );
  }
  try {
    return isJsonLines ? jsonRows(text) : tableRows(text);
  } catch (cause) {
    throw new Failure(
      'dataset-unusable',
      `${name} could not be read as a manifest: ${reasonOf(cause)}.`,
      'Give a CSV with a header row, or one JSON object a line.',
      { cause },
    );
  }
}

function isJson(text: string): boolean {
  if (!/^\s*[[{]/.test(text)) return false;
  try {
    parseJson(text, mostParts.table);
    return true;
  } catch {
    return false;
  }
}

function tableRows(text: string): readonly ManifestRow[] {
  return parse(text, {
    columns: (header: string[]) => header.map((column) => column.trim()),
    delimiter: separatorOf(text),
    trim: true,
    skip_empty_lines: true,
    // A row may end early, as where the last labels are missing; 12" is text.
    relax_column_count_less: true,
    relax_quotes: true,
  });
}

/** The one that the header has most of, outside quotation marks. */
function separatorOf(text: string): string {
  const [header = ''] = text.trimStart().split(/\r\n|\r|\n/, 1);
  const bare = header.replace(/"(?:[^"]|"")*"/g, '');
  const counted = separators.map((separator) => ({
    separator,
    count: bare.split(separator).length,
  }));
  return counted.reduce((most, one) => (one.count > most.count ? one : most)).separator;
}

function jsonRows(text: string): readonly ManifestRow[] {
  return text.split(/\r\n|\r|\n/).flatMap((line, at) => {
    if (line.trim() === '') return [];
    try {
      return [textFields(parseJson(line))];
    } catch (error) {
      throw new Error(`line ${at + 1} is not a JSON object`, { cause: error });
    }
  });
}

function textFields(value: unknown): ManifestRow {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new TypeError('not an object');
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, field]) => [key.trim(), textOf(field)] as const)
      .filter(([, field]) => field !== undefined),
  ) as ManifestRow;
}

function textOf(field: unknown): string | undefined {
  if (['string', 'number', 'boolean'].includes(typeof field)) return String(field).trim();
  if (!Array.isArray(field)) return undefined;
  const texts = field.map(textOf);
  return texts.includes(undefined) ? undefined : JSON.stringify(field);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message.replace(/\.$/, '') : String(error);
}
