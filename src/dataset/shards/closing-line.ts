/** The last line of a shard's JSONL file: written when all its samples are done. */
import * as v from 'valibot';
import type { Data } from '../../shared/schema';
import { parsedLine, unusableReport } from '../jsonl-lines';

const closingSchema = v.object({
  complete: v.object({
    /** How many samples the lines before it speak of. */
    samples: v.number(),
    /** Of the whole dataset, all shards together (`ListingHash`). */
    listing: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
    /** Of an evaluation: what every picture was measured with. */
    methods: v.exactOptional(v.array(v.string())),
  }),
});

/** What a shard's file says when it is whole. */
export type Completion = Data<typeof closingSchema>['complete'];

/** With its end. */
export function closingLine(complete: Completion): string {
  return `${JSON.stringify({ complete })}\n`;
}

/**
 * @param samples how many the lines before this one speak of; left out: not looked at
 * @returns undefined of a line that closes nothing
 * @throws Failure `dataset-unusable` naming the file
 */
export function readClosing(text: string, file: string, samples?: number): Completion | undefined {
  if (!text.startsWith('{"complete":')) return undefined;
  const { complete } = parsedLine(closingSchema, text, file, undefined) as Data<
    typeof closingSchema
  >;
  if (samples === undefined || complete.samples === samples) return complete;
  throw unusableReport(
    file,
    `its last line speaks of ${complete.samples} samples, and there are ${samples}`,
  );
}

/** Of a line behind the closing one. */
export function afterClosing(file: string, line: number): Error {
  return unusableReport(file, `line ${line} follows the one that closes it`);
}
