/** The records of an evaluation: in memory for its reports, and in a JSONL file where one is wanted. */
import { appendFileSync, truncateSync, writeFileSync } from 'node:fs';
import {
  evaluationDifference,
  evaluationLine,
  evaluationText,
  readUnfinishedEvaluation,
} from '../dataset/evaluation/evaluation-file';
import { methodsOf } from '../dataset/evaluation/merge-evaluations';
import { otherShard } from '../dataset/shards/check-shards';
import { closingLine } from '../dataset/shards/closing-line';
import { listingHash } from '../dataset/shards/listing-hash';
import { byCodeUnits } from '../dataset/sample';
import type { EvaluationHeader, PictureRecord } from '../shared/evaluation';
import { Failure } from '../shared/failure';
import type { BatchSample } from '../shared/protocol/dataset';
import type { EvaluatedSample } from '../shared/protocol/evaluate';
import { keptResults } from './kept-results';
import { unwritable, writeReport } from './report-files';

export class EvaluationOutput {
  private constructor(
    private readonly path: string | undefined,
    private readonly header: EvaluationHeader,
    private readonly samples: readonly BatchSample[],
    private readonly byName: Map<string, PictureRecord>,
  ) {}

  /**
   * @param path left out: keep the records in memory only
   * @param resume take over what the file holds as far as it still holds
   * @throws Failure `dataset-unusable` when the file belongs to another run; `cache-unwritable`
   */
  static async open(
    path: string | undefined,
    header: EvaluationHeader,
    samples: readonly BatchSample[],
    resume: boolean,
  ): Promise<EvaluationOutput> {
    const done = resume && path !== undefined ? await readUnfinishedEvaluation(path) : undefined;
    if (path === undefined || done === undefined) {
      const output = new EvaluationOutput(path, header, samples, new Map());
      output.write((file) => {
        writeFileSync(file, evaluationLine(header));
      });
      return output;
    }
    const expected = new Map(samples.map((sample) => [sample.name, sample]));
    const stranger = [...done.records.keys()].find((name) => !expected.has(name));
    const difference =
      evaluationDifference(header, done.header) ??
      otherShard(header, done.header) ??
      (stranger === undefined ? undefined : `the sample ${stranger}`);
    if (difference !== undefined) throw otherRun(path, difference);
    const known = samples.filter(({ name }) => done.records.has(name));
    const holding = new Map<string, PictureRecord>();
    const kept = keptResults(known, ({ name }) => done.records.get(name));
    for await (const [sample, record] of kept) {
      if (record !== undefined && isStillMeant(record, sample, header))
        holding.set(record.name, record);
    }
    const output = new EvaluationOutput(path, header, samples, holding);
    output.write((file) => {
      truncateSync(file, done.end);
    });
    return output;
  }

  /** What is still to be measured, picture by picture. */
  missing(methods: readonly string[]): readonly EvaluatedSample[] {
    return this.samples.flatMap(({ path, name, label, truth }) => {
      const record = this.byName.get(name);
      const done = record?.ok === true ? methodsOf(record) : [];
      const open = [...new Set(methods)].filter((method) => !done.includes(method));
      return open.length === 0
        ? []
        : [
            {
              path,
              name,
              ...(label !== undefined && { label }),
              ...(truth !== undefined && { truth }),
              methods: open,
            },
          ];
    });
  }

  get records(): readonly PictureRecord[] {
    return [...this.byName.values()];
  }

  /** All that any picture has, in the order of their ids. */
  get methods(): readonly string[] {
    const found = this.records.flatMap((record) => (record.ok ? methodsOf(record) : []));
    return [...new Set(found)].sort(byCodeUnits);
  }

  /** Whether a picture was measured. */
  has(name: string): boolean {
    return this.byName.get(name)?.ok === true;
  }

  /** Writes at once: what was told stays when the process is killed. */
  add(record: PictureRecord): void {
    const known = this.byName.get(record.name);
    const joined = known?.ok === true && record.ok ? withBoth(known, record) : record;
    this.byName.set(record.name, joined);
    this.write((file) => {
      appendFileSync(file, evaluationLine(joined));
    });
  }

  /**
   * Puts the lines in the order of the pictures: the same file, whatever way led there. That of a shard
   * says then that all its pictures are done.
   *
   * @param listing the pictures of all shards
   * @param methods that were asked for
   * @throws Failure `cache-unwritable`
   */
  async finish(listing: readonly BatchSample[], methods: readonly string[]): Promise<void> {
    if (this.path === undefined) return;
    const text = evaluationText(this.header, this.records);
    const closing =
      this.header.shard === undefined
        ? ''
        : closingLine({
            samples: this.byName.size,
            listing: listingHash(listing),
            methods: [...new Set([...methods, ...this.methods])].sort(byCodeUnits),
          });
    await writeReport(this.path, text + closing);
  }

  private write(change: (file: string) => void): void {
    if (this.path === undefined) return;
    try {
      change(this.path);
    } catch (cause) {
      throw unwritable(this.path, cause);
    }
  }
}

/** Labels may have been set right since; where they say whose maps are measured, so may their classes. */
function isStillMeant(
  record: PictureRecord,
  { label, truth }: BatchSample,
  { evaluated }: EvaluationHeader,
): boolean {
  if (record.label !== label) return false;
  return evaluated === 'answer' || !record.ok || record.index === truth;
}

/** What was measured of a picture before, and what came now. */
function withBoth(
  known: Extract<PictureRecord, { ok: true }>,
  added: Extract<PictureRecord, { ok: true }>,
): PictureRecord {
  const failures = { ...known.failures, ...added.failures };
  return {
    ...known,
    maps: { ...known.maps, ...added.maps },
    ...(Object.keys(failures).length > 0 && { failures }),
  };
}

function otherRun(path: string, difference: string): Failure {
  return new Failure(
    'dataset-unusable',
    `${path} belongs to another run: ${difference} differs.`,
    'Give the very options of the run before, or leave --resume out to begin anew.',
  );
}
