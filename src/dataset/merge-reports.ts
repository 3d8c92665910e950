import type { BatchHeader, RunHeader } from '../shared/batch-header';
import { Failure } from '../shared/failure';
import type { SampleResult } from '../shared/sample-result';
import type { JsonlReport } from './jsonl-report';
import { firstDifference } from './first-difference';
import { byCodeUnits } from './sample';
import { shardDifference } from './shards/check-shards';

/**
 * Joins the reports of shards: the header they share and every sample once, in the order of the
 * names, which is what one run over the whole dataset writes.
 *
 * @throws Failure `dataset-unusable` when they do not belong together or contradict each other
 */
export function mergeReports(reports: readonly (JsonlReport & { readonly file: string })[]): {
  readonly header: BatchHeader;
  readonly results: readonly SampleResult[];
} {
  const [first, ...others] = reports;
  if (first === undefined) throw new RangeError('nothing to merge');
  for (const { header, complete, file } of others) {
    const difference =
      differenceOf(first.header, header) ?? shardDifference(first, { header, complete });
    if (difference !== undefined) {
      throw new Failure(
        'dataset-unusable',
        `${file} and ${first.file} do not belong together: ${difference} differs.`,
        'Merge the shards of one run only: the same dataset, model, method and labels.',
      );
    }
  }
  const byName = new Map<string, SampleResult>();
  for (const { results, file } of reports) {
    for (const result of results) {
      const other = byName.get(result.name);
      if (other !== undefined && JSON.stringify(other) !== JSON.stringify(result)) {
        throw new Failure(
          'dataset-unusable',
          `${file} says something else of ${result.name} than a file before it.`,
          'Run the shards again that hold this sample.',
        );
      }
      byName.set(result.name, result);
    }
  }
  const [fewest = first] = [...reports].sort((a, b) => a.header.otherFiles - b.header.otherFiles);
  const { otherFiles, otherEndings } = fewest.header;
  return {
    header: {
      ...first.header,
      otherFiles,
      ...(otherEndings && { otherEndings }),
      shard: undefined,
    },
    results: [...byName.values()].sort((a, b) => byCodeUnits(a.name, b.name)),
  };
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
} satisfies Partial<Record<keyof BatchHeader, string>>;

const listingFields: Readonly<
  Record<
    Exclude<keyof BatchHeader, keyof typeof runFields | 'otherFiles' | 'otherEndings' | 'shard'>,
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
};
