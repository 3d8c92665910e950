/** The rows of a CSV, TSV or JSONL file, whatever program wrote it, as they are read. */
import { parse } from 'csv-parse';
import path from 'node:path';
import { pipeline } from 'node:stream';
import { largest, readRegular, streamRegular } from '../engine/files/regular-file';
import { decodeText } from '../shared/decode-text';
import { Failure } from '../shared/failure';
import { ownValue } from '../shared/own-value';
import { mostParts, parseJson } from '../shared/parse-json';
import { decodedText } from './decoded-text';
import { textLines } from './text-lines';

/** JSON numbers, booleans and lists of such are written out; other values are as if they were not there. */
export interface ManifestRow {
  /** What stands in this column. */
  readonly get: (column: string) => string | undefined;
}

/** Some rows, and all columns that were met so far. */
export interface ManifestPart {
  readonly rows: readonly ManifestRow[];
  readonly columns: readonly string[];
}

/** Of files under any ending; the rarer one in names goes first. */
const separators = ['\t', ';', ','];
/** Bytes read at once: more than a header has. */
const portion = 2 ** 18;
/** Characters of a row: more is no row, but a quotation mark that is never closed. */
const longestRow = 2 ** 22;
const rowsAPart = 1000;

/**
 * The rows, some at a time.
 *
 * @throws Failure `dataset-unusable` for a file that is neither, with the line that is at fault
 */
export async function* manifestRows(manifestPath: string): AsyncGenerator<ManifestPart, void> {
  const name = path.basename(manifestPath);
  const isJsonLines = /\.(jsonl|ndjson)$/i.test(name);
  const text = decodedText(await opened(manifestPath));
  try {
    const first = await text.next();
    const beginning = first.done === true ? '' : first.value;
    const whole = from(beginning, text);
    if (isJsonLines) {
      yield* jsonRows(whole);
    } else {
      if (/^\s*[[{]/.test(beginning)) await refuseJson(manifestPath);
      yield* tableRows(whole, separatorOf(beginning));
    }
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    throw new Failure(
      'dataset-unusable',
      `${name} could not be read as a manifest: ${reasonOf(cause)}.`,
      'Give a CSV with a header row, or one JSON object a line.',
      { cause },
    );
  } finally {
    await text.return();
  }
}

async function opened(manifestPath: string): Promise<AsyncIterable<Uint8Array>> {
  try {
    return await streamRegular(manifestPath, { highWaterMark: portion });
  } catch (cause) {
    throw new Failure(
      'dataset-unusable',
      `${path.basename(manifestPath)} could not be read: ${reasonOf(cause)}.`,
      'Check that it is there and that you may open it.',
      { cause },
    );
  }
}

async function* from(beginning: string, rest: AsyncIterable<string>): AsyncGenerator<string> {
  yield beginning;
  yield* rest;
}

async function refuseJson(manifestPath: string): Promise<void> {
  const text = decodeText(await readRegular(manifestPath, largest.table));
  try {
    parseJson(text, mostParts.table);
  } catch {
    return;
  }
  throw new Failure(
    'dataset-unusable',
    `${path.basename(manifestPath)} is one JSON document, not a table.`,
    'Give a CSV with a header row, or a .jsonl file with one JSON object a line. A COCO file tells where the objects are: it goes with the annotations.',
  );
}

async function* tableRows(
  text: AsyncIterable<string>,
  delimiter: string,
): AsyncGenerator<ManifestPart, void> {
  const parser = parse({
    delimiter,
    trim: true,
    skip_empty_lines: true,
    // A row may end early, as where the last labels are missing; 12" is text.
    relax_column_count_less: true,
    relax_quotes: true,
    max_record_size: longestRow,
  });
  // What goes wrong on the way is thrown by the parser.
  pipeline(text, parser, () => undefined);
  let columns: readonly string[] | undefined;
  let places = new Map<string, number>();
  let rows: ManifestRow[] = [];
  for await (const record of parser as AsyncIterable<readonly string[]>) {
    if (columns === undefined) {
      columns = record.map((column) => column.trim());
      places = new Map(columns.map((column, place) => [column, place]));
      continue;
    }
    rows.push({ get: (column) => record[places.get(column) ?? -1] });
    if (rows.length < rowsAPart) continue;
    yield { rows, columns };
    rows = [];
  }
  yield { rows, columns: columns ?? [] };
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

async function* jsonRows(text: AsyncIterable<string>): AsyncGenerator<ManifestPart, void> {
  const columns = new Set<string>();
  let number = 0;
  for await (const lines of textLines(text, longestRow)) {
    const rows: ManifestRow[] = [];
    for (const line of lines) {
      number++;
      if (line.trim() === '') continue;
      const fields = fieldsOf(line, number);
      Object.keys(fields).forEach((column) => columns.add(column));
      rows.push({ get: (column) => ownValue(fields, column) });
    }
    yield { rows, columns: [...columns] };
  }
}

function fieldsOf(line: string, number: number): Readonly<Record<string, string>> {
  try {
    return textFields(parseJson(line));
  } catch (error) {
    throw new Error(`line ${number} is not a JSON object`, { cause: error });
  }
}

/** @throws TypeError for what is no object */
export function textFields(value: unknown): Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new TypeError('not an object');
  const texts: Record<string, string> = {};
  for (const [key, field] of Object.entries(value)) {
    const text = textOf(field);
    if (text !== undefined) texts[key.trim()] = text;
  }
  return texts;
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
