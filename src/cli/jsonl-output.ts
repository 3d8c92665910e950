/** The lines of a batch: in a JSONL file where one is wanted, and read back for its reports. */
// eslint-disable-next-line @typescript-eslint/no-restricted-imports -- to write
import { ftruncateSync, openSync, writeSync } from 'node:fs';
import { reportLine, reportLines } from '../dataset/jsonl-report';
import { LineStore } from '../dataset/line-store';
import { differenceOf } from '../dataset/merge-reports';
import { ResultLog } from '../dataset/result-log';
import { otherShard } from '../dataset/shards/check-shards';
import { closingLine } from '../dataset/shards/closing-line';
import type { BatchHeader, RunHeader } from '../shared/batch-header';
import { Failure } from '../shared/failure';
import type { SampleResult } from '../shared/sample-result';
import type { BatchSample } from '../shared/protocol/dataset';
import { keptResults } from './kept-results';
import { unwritable, writeReport } from './report-files';

export class JsonlOutput {
  /** Samples that were looked at. */
  private looked = 0;
  /** Of these, without an answer so far. */
  private open = 0;
  private anew = 0;

  private constructor(
    readonly path: string | undefined,
    private readonly header: RunHeader,
    private readonly log: ResultLog,
    /** Where the lines of a run before stand, by the name of the sample. */
    private readonly before: Map<string, number>,
  ) {}

  /**
   * @param path left out: the lines are kept for the reports only
   * @param resume take over what the file holds as far as it still holds
   * @throws Failure `dataset-unusable` when the file belongs to another run; `cache-unwritable`
   */
  static async open(
    path: string | undefined,
    header: RunHeader,
    resume: boolean,
  ): Promise<JsonlOutput> {
    if (path === undefined)
      return new JsonlOutput(path, header, new ResultLog(LineStore.temporary()), new Map());
    const { first, names, ends } = resume ? await leftBy(path) : nothingLeft;
    const difference = first && (differenceOf(header, first) ?? otherShard(header, first));
    if (difference !== undefined) throw otherRun(path, difference);
    try {
      const file = openSync(path, first === undefined ? 'w+' : 'r+');
      const line = Buffer.from(reportLine(header));
      if (first === undefined) writeSync(file, line, 0, line.length, 0);
      else ftruncateSync(file, ends.at(-1));
      const store = LineStore.within(file, first === undefined ? [line.length] : ends);
      const before = new Map(names.map((name, at) => [name, at]));
      const log = new ResultLog(store, names);
      // Of lines for the same sample, the last one counts.
      names.forEach((name, at) => {
        if (before.get(name) !== at) log.drop(at);
      });
      return new JsonlOutput(path, first ?? header, log, before);
    } catch (cause) {
      throw unwritable(path, cause);
    }
  }

  /** How many results there are of the samples that were looked at. */
  get done(): number {
    return this.looked - this.open;
  }

  /** How many results of the run before hold no longer. */
  get outdated(): number {
    return this.anew;
  }

  /** The samples that are still to be answered. */
  async *todo(samples: AsyncIterable<BatchSample>): AsyncGenerator<BatchSample, void> {
    const kept = keptResults(samples, (sample) => this.known(sample));
    for await (const [sample, result] of kept) {
      this.looked++;
      const at = this.before.get(sample.name);
      this.before.delete(sample.name);
      if (result !== undefined) continue;
      if (at !== undefined) {
        this.log.drop(at);
        this.anew++;
      }
      this.open++;
      yield sample;
    }
  }

  /** Writes at once: what was told stays when the process is killed. @throws Failure `cache-unwritable` */
  add(result: SampleResult): void {
    this.open--;
    try {
      this.log.add(result);
    } catch (cause) {
      throw unwritable(this.path ?? 'the folder for temporary files', cause);
    }
  }

  /**
   * Puts the lines in the order of the samples' names behind the complete header: the same file, whatever
   * way led there. Lines of samples that are in the dataset no longer go. A header that was complete
   * before stays: files that are no pictures, such as this one, may have come since. The file of a shard
   * says then that all its samples are done.
   *
   * @param listing the hash of all samples, of whatever shard
   * @returns how many of these there were
   * @throws Failure `cache-unwritable`
   */
  async finish(header: BatchHeader, listing: string): Promise<number> {
    const { path, log } = this;
    for (const at of this.before.values()) log.drop(at);
    const isComplete = this.header.samples !== undefined;
    const line = reportLine(isComplete ? this.header : header);
    const closing = header.shard === undefined ? '' : closingLine({ samples: log.size, listing });
    const isFinished = log.inOrder && isComplete && closing === '';
    if (path !== undefined && !isFinished) await writeReport(path, linesOf(line, log, closing));
    return this.before.size;
  }

  /** In the order of their names. */
  results(): AsyncGenerator<SampleResult> {
    return this.log.results();
  }

  close(): void {
    this.log.close();
  }

  /** What a run before made of a sample, if its label meant the same. */
  private known({ name, label, truth, annotation }: BatchSample): SampleResult | undefined {
    const at = this.before.get(name);
    const result = at === undefined ? undefined : this.log.result(at);
    if (result?.ok !== true || result.label !== label || result.truth !== truth) return undefined;
    // What is said of the objects may be something else by now, as long as no header tells.
    return annotation !== undefined && this.header.samples === undefined ? undefined : result;
  }
}

async function* linesOf(
  header: string,
  log: ResultLog,
  closing: string,
): AsyncGenerator<string, void> {
  yield header;
  for await (const result of log.results()) yield reportLine(result);
  yield closing;
}

const nothingLeft = { first: undefined, names: [], ends: [] };

/** The header of a run before, the names of its lines, and where each line ends, that of the header first. */
async function leftBy(path: string) {
  let first: RunHeader | undefined;
  const names: string[] = [];
  const ends: number[] = [];
  for await (const line of reportLines(path)) {
    if (line.kind === 'closing') continue;
    if (line.kind === 'header') first = line.header;
    else names.push(line.result.name);
    ends.push(line.end);
  }
  return { first, names, ends };
}

function otherRun(path: string, difference: string): Failure {
  return new Failure(
    'dataset-unusable',
    `${path} belongs to another run: ${difference} differs.`,
    'Give the very options of the run before, or leave --resume out to begin anew.',
  );
}
