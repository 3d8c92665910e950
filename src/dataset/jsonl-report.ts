/** The JSONL report: a header line, then a line a sample in the order of their names; a shard's ends in a closing line. */
import * as v from 'valibot';
import { amongListSchema } from '../shared/among';
import type { BatchHeader, RunHeader } from '../shared/batch-header';
import { outputInWords, outputKinds } from '../shared/output-kind';
import {
  sampleResultSchema,
  type ExplainedSample,
  type PatchMap,
  type SampleResult,
} from '../shared/sample-result';
import { shardSchema } from '../shared/shard';
import { parsedLine, unusableReport, wholeLines } from './jsonl-lines';
import { afterClosing, readClosing, type Completion } from './shards/closing-line';

const runSchema = v.looseObject({
  format: v.literal('vit-explainer-batch'),
  version: v.literal(1),
  dataset: v.string(),
  model: v.object({ name: v.string(), sha256: v.string() }),
  preprocessing: v.looseObject({ crop: v.strictTuple([v.number(), v.number()]) }),
  method: v.string(),
  options: v.looseObject({ preset: v.exactOptional(v.string()) }),
  output: v.exactOptional(v.picklist(outputKinds)),
  classes: v.array(v.string()),
  among: v.exactOptional(amongListSchema),
  shard: v.exactOptional(shardSchema),
});

/** Where it is complete. */
const headerSchema = v.looseObject({
  ...runSchema.entries,
  samples: v.number(),
  unmatched: v.array(v.string()),
  skipped: v.array(v.object({ name: v.string(), reason: v.string() })),
});

/** @throws Failure `dataset-unusable` naming the file and the line */
export function readRunHeader(text: string, file: string): RunHeader {
  const header = parsedLine(runSchema, text, file, 1) as RunHeader;
  if (isWholeHeader(header)) parsedLine(headerSchema, text, file, 1);
  return header;
}

/** One line of a report, with its end. */
export function reportLine(value: RunHeader | SampleResult): string {
  return `${JSON.stringify(value)}\n`;
}

/** A line of a report, and how many bytes there are up to its end. */
export type ReportLine =
  | { readonly kind: 'header'; readonly header: RunHeader; readonly end: number }
  | { readonly kind: 'result'; readonly result: SampleResult; readonly end: number }
  | { readonly kind: 'closing'; readonly complete: Completion; readonly end: number };

/**
 * The whole lines, that of the header first; none where there is no file.
 *
 * @throws Failure `dataset-unusable` naming the file and the line
 */
export async function* reportLines(file: string): AsyncGenerator<ReportLine, void> {
  let header: RunHeader | undefined;
  let grid: Grid | undefined;
  let number = 0;
  let end = 0;
  let isClosed = false;
  for await (const { text, bytes } of wholeLines(file)) {
    number++;
    end += bytes;
    if (isClosed) throw afterClosing(file, number);
    if (header === undefined) {
      header = readRunHeader(text, file);
      yield { kind: 'header', header, end };
      continue;
    }
    const complete = readClosing(text, file, number - 2);
    if (complete !== undefined) {
      isClosed = true;
      yield { kind: 'closing', complete, end };
      continue;
    }
    const result = parsedLine(sampleResultSchema, text, file, number) as SampleResult;
    const fault = faultOf(result, header) ?? otherGrid(result, grid);
    if (result.ok) grid ??= result.map;
    if (fault !== undefined) throw unusableReport(file, `line ${number}: ${fault}`);
    yield { kind: 'result', result, end };
  }
}

/** Of a run that has listed its dataset. */
export function isWholeHeader(header: RunHeader): header is BatchHeader {
  return header.samples !== undefined;
}

type Grid = Pick<PatchMap, 'rows' | 'columns'>;

/** One model has one grid of patches. */
function otherGrid(result: SampleResult, grid: Grid | undefined): string | undefined {
  if (!result.ok || grid === undefined) return undefined;
  const { rows, columns } = result.map;
  return rows === grid.rows && columns === grid.columns
    ? undefined
    : `its map has ${rows} × ${columns} patches, those before it ${grid.rows} × ${grid.columns}`;
}

/** What a line says that cannot be, by its header. */
function faultOf(result: SampleResult, header: RunHeader): string | undefined {
  if (!result.ok) return undefined;
  const { classes, output } = header;
  const amiss = faultAmong(result, header);
  if (amiss !== undefined) return amiss;
  const { top, truth, truthRank } = result;
  const isClass = (index: number) =>
    Number.isInteger(index) && index >= 0 && index < classes.length;
  const indices = [...top.map(({ index }) => index), truth, truthRank];
  const strange = indices.find((index) => index !== undefined && !isClass(index));
  if (strange !== undefined) return `there is no class ${strange} of ${classes.length}`;
  const impossible = top.find(({ probability = 0 }) => probability < 0 || probability > 1);
  if (impossible !== undefined) return `${impossible.probability} is no probability`;
  const lacking = output === 'value' ? 'value' : 'probability';
  const other = output === 'value' ? 'probability' : 'value';
  return top.some((one) => one[lacking] === undefined || one[other] !== undefined)
    ? `the header says that the model gives ${outputInWords(output)}`
    : undefined;
}

function faultAmong({ among }: ExplainedSample, header: RunHeader): string | undefined {
  if ((among === undefined) !== (header.among === undefined))
    return `its answers are ${among === undefined ? 'not ' : ''}taken among some classes, unlike those that the header speaks of`;
  const { classes = [] } = header.among ?? {};
  const strange = among?.top.find(({ index }) => !classes.includes(index));
  if (strange !== undefined)
    return `class ${strange.index} is none of those that answers are taken among`;
  const impossible = among?.top.find(({ probability }) => probability < 0 || probability > 1);
  return impossible && `${impossible.probability} is no probability`;
}
