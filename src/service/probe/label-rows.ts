/** Rows of a probe's data: which class each picture belongs to, and on which side of the split. */
import type { Split } from '../../engine/heads/stratified-split';
import type { ProbeSample } from '../../shared/probe';

/** The labels that occur, each once, in code-unit order: the same on every machine. */
export function classNamesOf(samples: readonly ProbeSample[]): string[] {
  return [...new Set(samples.map(({ label }) => label))].sort((a, b) => (a < b ? -1 : 1));
}

/** Class index of each sample; −1 for a label that is none of the classes. */
export function labelsOf(
  samples: readonly ProbeSample[],
  classNames: readonly string[],
): Int32Array {
  const indices = new Map(classNames.map((name, index) => [name, index]));
  return Int32Array.from(samples, ({ label }) => indices.get(label) ?? -1);
}

/** The split that the dataset gives, if any sample is for validation; what is in no part trains. */
export function splitOf(samples: readonly ProbeSample[]): Split | undefined {
  if (!samples.some(({ split }) => split === 'val')) return undefined;
  const rows = samples.map(({ split }, row) => ({ row, validates: split === 'val' }));
  const side = (validates: boolean) =>
    Int32Array.from(
      rows.filter((one) => one.validates === validates),
      ({ row }) => row,
    );
  return { train: side(false), validation: side(true) };
}
