/** What the first and the last line of a shard's file say; those between are not read. */
import { stat } from 'node:fs/promises';
import type { RunHeader } from '../../shared/batch-header';
import type { EvaluationHeader } from '../../shared/evaluation';
import type { Shard } from '../../shared/shard';
import { beginsEvaluation, readEvaluationHeader } from '../evaluation/evaluation-file';
import { readRunHeader } from '../jsonl-report';
import { lastLine, wholeLines } from '../jsonl-lines';
import { readClosing, type Completion } from './closing-line';

export interface ShardHead {
  readonly file: string;
  readonly header: (RunHeader | EvaluationHeader) & { readonly shard: Shard };
  readonly complete?: Completion | undefined;
  /** When the file was last written to, in milliseconds since 1970. */
  readonly written: number;
}

/**
 * @returns undefined of a file that is of no shard: of a whole run, not of this program, or without a
 *   whole line
 * @throws Failure `dataset-unusable` naming the file and the line
 */
export async function readShardHead(file: string): Promise<ShardHead | undefined> {
  for await (const { text } of wholeLines(file)) {
    if (!text.startsWith('{"format":"vit-explainer-')) return undefined;
    const header = beginsEvaluation(text)
      ? readEvaluationHeader(text, file)
      : readRunHeader(text, file);
    const { shard } = header;
    if (shard === undefined) return undefined;
    const { mtimeMs: written } = await stat(file);
    const last = await lastLine(file);
    const complete = last === undefined ? undefined : readClosing(last, file);
    return { file, header: { ...header, shard }, complete, written };
  }
  return undefined;
}
