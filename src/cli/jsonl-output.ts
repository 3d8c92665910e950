/** The lines of a batch: in memory for its reports, and in a JSONL file where one is wanted. */
// eslint-disable-next-line @typescript-eslint/no-restricted-imports -- to write
import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { readUnfinishedReport, reportLine } from '../dataset/jsonl-report';
import { differenceOf } from '../dataset/merge-reports';
import { closingLine } from '../dataset/shards/closing-line';
import { listingHash } from '../dataset/shards/listing-hash';
import { otherShard } from '../dataset/shards/check-shards';
import type { BatchHeader } from '../shared/batch-header';
import { Failure } from '../shared/failure';
import type { SampleResult } from '../shared/sample-result';
import type { BatchSample } from '../shared/protocol/dataset';
import { keptResults } from './kept-results';
import { unwritable } from './report-files';

export class JsonlOutput {
  private constructor(
    readonly path: string,
    private readonly file: number | undefined,
    private position: number,
    private readonly samples: readonly BatchSample[],
    /** Of a run before, by the place of the sample. */
    private readonly kept: readonly (SampleResult | undefined)[],
    /** In the order of the samples, without a gap. */
    readonly results: SampleResult[],
  ) {}

  /**
   * @param path left out: keep the lines in memory only
   * @param resume take over what the file holds as far as it still holds; the file ends where the
   *   first sample is missing, and what follows that one is written again when its turn comes
   * @throws Failure `dataset-unusable` when the file belongs to another run; `cache-unwritable`
   */
  static async open(
    path: string | undefined,
    header: BatchHeader,
    samples: readonly BatchSample[],
    resume: boolean,
  ): Promise<JsonlOutput> {
    if (path === undefined) return new JsonlOutput('', undefined, 0, samples, [], []);
    const done = resume ? await readUnfinishedReport(path) : undefined;
    if (done !== undefined) {
      const difference =
        differenceOf(header, done.header) ??
        otherShard(header, done.header) ??
        done.results.map((result, index) => strangeIn(result, samples[index])).find(Boolean);
      if (difference !== undefined) throw otherRun(path, difference);
    }
    const kept = await keptResults(done?.results ?? [], samples);
    const begun = kept.slice(0, kept.includes(undefined) ? kept.indexOf(undefined) : undefined);
    const results = begun.filter((result) => result !== undefined);
    const end = done?.lineEnds[results.length] ?? 0;
    try {
      const file = openSync(path, done === undefined ? 'w' : 'r+');
      if (done !== undefined) ftruncateSync(file, end);
      const output = new JsonlOutput(path, file, end, samples, kept, results);
      if (done === undefined) output.write(reportLine(header));
      return output;
    } catch (cause) {
      throw unwritable(path, cause);
    }
  }

  /** The samples to answer, in the order in which their results are to be added. */
  get todo(): readonly BatchSample[] {
    return this.samples.filter((_, index) => this.kept[index] === undefined);
  }

  /** How many results of the run before hold no longer. */
  get outdated(): number {
    return this.kept.filter((result) => result === undefined).length;
  }

  /** Writes at once: what was told stays when the process is killed. */
  add(result: SampleResult): void {
    let next: SampleResult | undefined = result;
    while (next !== undefined) {
      this.results.push(next);
      this.write(reportLine(next));
      next = this.kept[this.results.length];
    }
  }

  /** Of a shard: says that all its samples are done. @param listing all samples, of all shards */
  complete(listing: readonly BatchSample[]): void {
    this.write(closingLine({ samples: this.results.length, listing: listingHash(listing) }));
  }

  close(): void {
    if (this.file !== undefined) closeSync(this.file);
  }

  private write(line: string): void {
    if (this.file === undefined) return;
    const bytes = Buffer.from(line);
    try {
      // A disk that is getting full takes part of the bytes first, and complains of the rest.
      for (let from = 0; from < bytes.length;) {
        const written = writeSync(this.file, bytes, from, bytes.length - from, this.position);
        from += written;
        this.position += written;
      }
    } catch (cause) {
      throw unwritable(this.path, cause);
    }
  }
}

/** What a line says otherwise than the sample of its place is now; labels may have been set right since. */
function strangeIn(result: SampleResult, sample: BatchSample | undefined): string | undefined {
  const { name } = result;
  if (sample?.name !== name) return `the sample ${name}`;
  if (sample.label !== result.label) return `the label of ${name}`;
  if (!result.ok) return undefined;
  return sample.truth === result.truth ? undefined : `the class that the label of ${name} means`;
}

function otherRun(path: string, difference: string): Failure {
  return new Failure(
    'dataset-unusable',
    `${path} belongs to another run: ${difference} differs.`,
    'Give the very options of the run before, or leave --resume out to begin anew.',
  );
}
