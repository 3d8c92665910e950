import type { BatchHeader, RunHeader } from '../shared/batch-header';
import { Failure } from '../shared/failure';
import type { SampleResult } from '../shared/sample-result';
import { firstDifference } from './first-difference';
import { missingReport } from './jsonl-lines';
import { isWholeHeader, reportLines } from './jsonl-report';
import type { ResultLog } from './result-log';
import { shardDifference, type ShardFile } from './shards/check-shards';
import type { Completion } from './shards/closing-line';
import { ListingHash } from './shards/listing-hash';

/** What the files of a run say together. */
export interface MergedReports {
  /** What they share: that of one run over the whole dataset. */
  readonly header: BatchHeader;
  readonly shards: readonly ShardFile[];
  /** Hash of the samples that they hold (`ListingHash`). */
  readonly listing: string;
}

interface ReadReport extends ShardFile {
  readonly header: RunHeader;
}

/**
 * Joins the reports of shards: the header they share and, in the log, every sample once. Names stay in
 * memory, results do not.
 *
 * @param log empty; its results come in the order of the names, which is what one run over the whole
 *   dataset writes
 * @throws Failure `dataset-unusable` when they do not belong together or contradict each other
 */
export async function mergeReports(
  files: readonly string[],
  log: ResultLog,
): Promise<MergedReports> {
  const places = new Map<string, number>();
  const listing = new ListingHash();
  const add = (result: SampleResult, file: string) => {
    const place = places.get(result.name);
    if (place === undefined) {
      places.set(result.name, places.size);
      log.add(result);
      listing.add(result);
    } else if (JSON.stringify(log.result(place)) !== JSON.stringify(result)) {
      throw new Failure(
        'dataset-unusable',
        `${file} says something else of ${result.name} than a file before it.`,
        'Run the shards again that hold this sample.',
      );
    }
  };
  const reports: ReadReport[] = [];
  for (const file of files) {
    const report = await readInto(add, file, reports);
    checkBelongs(report, reports);
    reports.push(report);
  }
  const whole = reports.flatMap(({ header }) => (isWholeHeader(header) ? [header] : []));
  const [first] = whole;
  if (first === undefined) throw unlisted(files[0] ?? '');
  const [fewest = first] = [...whole].sort((a, b) => a.otherFiles - b.otherFiles);
  const { otherFiles, otherEndings } = fewest;
  return {
    header: {
      ...first,
      otherFiles,
      ...(otherEndings && { otherEndings }),
      shard: undefined,
    },
    shards: reports,
    listing: listing.value,
  };
}

async function readInto(
  add: (result: SampleResult, file: string) => void,
  file: string,
  before: readonly ReadReport[],
): Promise<ReadReport> {
  let header: RunHeader | undefined;
  let complete: Completion | undefined;
  for await (const line of reportLines(file)) {
    if (line.kind === 'header') {
      ({ header } = line);
      // A shard in the middle of its work may not have listed the dataset yet; a whole run has to end first.
      if (!isWholeHeader(header) && header.shard === undefined) throw unlisted(file);
      checkBelongs({ file, header }, before);
    } else if (line.kind === 'closing') {
      ({ complete } = line);
    } else {
      add(line.result, file);
    }
  }
  if (header === undefined) throw await missingReport(file);
  return { file, header, complete };
}

/** @throws Failure `dataset-unusable` */
function checkBelongs(report: ReadReport, before: readonly ReadReport[]): void {
  // One that is complete says the most.
  const other = before.find(({ header }) => isWholeHeader(header)) ?? before[0];
  if (other === undefined) return;
  const difference = differenceOf(other.header, report.header) ?? shardDifference(other, report);
  if (difference === undefined) return;
  throw new Failure(
    'dataset-unusable',
    `${report.file} and ${other.file} do not belong together: ${difference} differs.`,
    'Merge the shards of one run only: the same dataset, model, method and labels.',
  );
}

function unlisted(file: string): Failure {
  return new Failure(
    'dataset-unusable',
    `${file} is of a run that ended before it had listed its dataset.`,
    'Go on with it first: the same command with --resume.',
  );
}

/**
 * The first field in which two headers differ; one that is not complete yet says nothing of the rest.
 * Files that are no pictures make no difference: the
 * report itself may lie among the pictures.
 */
export function differenceOf(a: RunHeader, b: RunHeader): string | undefined {
  const names = [a, b].every(({ samples }) => samples !== undefined)
    ? { ...runFields, ...listingFields }
    : runFields;
  return firstDifference(a, b, names);
}

/** What is known from the beginning. */
const runFields = {
  format: 'the format',
  version: 'the format’s version',
  dataset: 'the dataset',
  model: 'the model',
  preprocessing: 'the preprocessing',
  output: 'the meaning of the model’s numbers',
  method: 'the method',
  options: 'the method’s options',
  classes: 'the list of classes',
  among: 'the list of classes that answers are taken among',
} satisfies Partial<Record<keyof BatchHeader, string>>;

const listingFields: Readonly<
  Record<
    Exclude<
      keyof BatchHeader,
      keyof typeof runFields | 'otherFiles' | 'otherEndings' | 'made' | 'shard'
    >,
    string
  >
> = {
  samples: 'the number of samples',
  unmatched: 'the list of labels without a class',
  unjudged: 'whether labels are judged',
  labelReading: 'how labels are read',
  truths: 'the class that a label means',
  annotations: 'what the annotations say',
  skipped: 'the list of skipped files',
  chosen: 'the choice of samples',
};
