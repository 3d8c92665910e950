/** A JSONL report as a whole, for tests to look at. */
import { reportLines } from '../src/dataset/jsonl-report';
import { missingReport } from '../src/dataset/jsonl-lines';
import type { BatchHeader } from '../src/shared/batch-header';
import type { SampleResult } from '../src/shared/sample-result';

export interface JsonlReport {
  /** Complete, where the run has listed its dataset. */
  readonly header: BatchHeader;
  readonly results: readonly SampleResult[];
}

/** @throws Failure `dataset-unusable` naming the file and the line */
export async function readJsonlReport(file: string): Promise<JsonlReport> {
  let header: BatchHeader | undefined;
  const results: SampleResult[] = [];
  for await (const line of reportLines(file)) {
    if (line.kind === 'header') header = line.header as BatchHeader;
    else if (line.kind === 'result') results.push(line.result);
  }
  if (header === undefined) throw await missingReport(file);
  return { header, results };
}
