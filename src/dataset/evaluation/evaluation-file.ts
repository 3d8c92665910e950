/** The JSONL file of an evaluation: a header line, then a line a picture; a shard's ends in a closing line. */
import * as v from 'valibot';
import {
  evaluatedClasses,
  pictureRecordSchema,
  type EvaluationHeader,
  type PictureRecord,
} from '../../shared/evaluation';
import { measuringSchema } from '../../shared/faithfulness';
import { shardSchema } from '../../shared/shard';
import { firstDifference } from '../first-difference';
import { missingReport, parsedLine, wholeLines } from '../jsonl-lines';
import { byCodeUnits } from '../sample';
import { afterClosing, readClosing, type Completion } from '../shards/closing-line';

export interface EvaluationFile {
  readonly header: EvaluationHeader;
  /** By the picture's name. */
  readonly records: ReadonlyMap<string, PictureRecord>;
  /** Bytes up to the end of the last picture's whole line. */
  readonly end: number;
  /** Of a shard, once all its pictures are done. */
  readonly complete?: Completion | undefined;
}

const format = 'vit-explainer-evaluation';

const headerSchema = v.looseObject({
  format: v.literal(format),
  version: v.literal(1),
  dataset: v.string(),
  samples: v.number(),
  available: v.number(),
  model: v.object({ name: v.string(), sha256: v.string() }),
  preprocessing: v.looseObject({ crop: v.strictTuple([v.number(), v.number()]) }),
  output: v.string(),
  evaluated: v.picklist(evaluatedClasses),
  measuring: measuringSchema,
  classes: v.array(v.string()),
  shard: v.exactOptional(shardSchema),
});

/** @throws Failure `dataset-unusable` naming the file and the line */
export function readEvaluationHeader(text: string, file: string): EvaluationHeader {
  return parsedLine(headerSchema, text, file, 1) as EvaluationHeader;
}

/** One line, with its end. */
export function evaluationLine(value: EvaluationHeader | PictureRecord): string {
  return `${JSON.stringify(value)}\n`;
}

/** The whole file: the same whatever order the pictures and their methods came in. */
export function evaluationText(header: EvaluationHeader, records: Iterable<PictureRecord>): string {
  const sorted = [...records].sort((a, b) => byCodeUnits(a.name, b.name));
  return [header, ...sorted.map(inOrder)].map(evaluationLine).join('');
}

function inOrder(record: PictureRecord): PictureRecord {
  if (!record.ok) return record;
  const { maps, failures } = record;
  return {
    ...record,
    maps: byKey(maps),
    ...(failures && { failures: byKey(failures) }),
  };
}

function byKey<Value>(entries: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(entries).sort(([a], [b]) => byCodeUnits(a, b)));
}

/** @throws Failure `dataset-unusable` naming the file and the line */
export async function readEvaluation(file: string): Promise<EvaluationFile> {
  const evaluation = await readUnfinishedEvaluation(file);
  if (evaluation === undefined) throw await missingReport(file);
  return evaluation;
}

/**
 * Reads what a run left, finished or not; a last line without its end is left out. Of several lines
 * of one picture the last one counts: it holds what was measured later too.
 *
 * @returns undefined where there is no file, or no whole line in it
 * @throws Failure `dataset-unusable` naming the file and the line
 */
export async function readUnfinishedEvaluation(file: string): Promise<EvaluationFile | undefined> {
  let header: EvaluationHeader | undefined;
  const records = new Map<string, PictureRecord>();
  let end = 0;
  let number = 0;
  let complete: Completion | undefined;
  for await (const { text, bytes } of wholeLines(file)) {
    number++;
    if (complete !== undefined) throw afterClosing(file, number);
    complete = readClosing(text, file, records.size);
    if (complete !== undefined) continue;
    end += bytes;
    if (header === undefined) {
      header = readEvaluationHeader(text, file);
    } else {
      const record = parsedLine(pictureRecordSchema, text, file, number) as PictureRecord;
      records.set(record.name, record);
    }
  }
  return header && { header, records, end, complete };
}

export const beginsEvaluation = (text: string): boolean => text.startsWith(`{"format":"${format}"`);

/** Whether a file begins as an evaluation does; false where it cannot be read. */
export async function isEvaluation(file: string): Promise<boolean> {
  for await (const { text } of wholeLines(file)) return beginsEvaluation(text);
  return false;
}

/** The first field in which two headers differ, in words. */
export function evaluationDifference(a: EvaluationHeader, b: EvaluationHeader): string | undefined {
  return firstDifference(a, b, fieldNames);
}

const fieldNames: Readonly<Record<Exclude<keyof EvaluationHeader, 'shard'>, string>> = {
  format: 'the format',
  version: 'the format’s version',
  dataset: 'the dataset',
  available: 'the number of pictures in the dataset',
  samples: 'the number of pictures that are measured',
  model: 'the model',
  preprocessing: 'the preprocessing',
  output: 'the meaning of the model’s numbers',
  options: 'the methods’ options',
  evaluated: 'the class whose maps are measured',
  measuring: 'how it is measured',
  classes: 'the list of classes',
  skipped: 'the list of skipped files',
};
