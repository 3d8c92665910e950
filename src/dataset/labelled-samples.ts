import { Failure } from '../shared/failure';
import type { ProbeSample, SkippedSample } from '../shared/probe';
import type { SampleList } from './sample';

/**
 * The samples that carry a label; the others are listed among the skipped ones.
 *
 * @throws Failure `dataset-unusable` when none does.
 */
export function labelledSamples({ root, samples, skipped }: SampleList): {
  readonly root: string;
  readonly samples: readonly ProbeSample[];
  readonly skipped: readonly SkippedSample[];
} {
  const labelled = samples.flatMap(({ label, ...sample }) =>
    label === undefined ? [] : [{ ...sample, label }],
  );
  if (labelled.length === 0) {
    throw new Failure(
      'dataset-unusable',
      `The ${String(samples.length)} pictures in ${root} carry no labels.`,
      'Sort them into one folder a class, or give a CSV or JSONL file with a column “label”.',
    );
  }
  const without = samples
    .filter(({ label }) => label === undefined)
    .map(({ name }) => ({ name, reason: 'It has no label.' }));
  return { root, samples: labelled, skipped: [...skipped, ...without] };
}
