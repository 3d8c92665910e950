import type { CountedCell } from './dataset-summary';

/** A confusion matrix cut to what can be shown. */
export interface ConfusionTable {
  /** True classes, the rows. */
  readonly truths: readonly number[];
  /** Answers that have a column: the true classes, then the most frequent other ones. */
  readonly answers: readonly number[];
  readonly count: (truth: number, answer: number) => number;
  /** Answers to a truth that have no column. */
  readonly others: (truth: number) => number;
}

const mostRows = 60;
const furtherAnswers = 12;

/** Rows: the most frequent true classes; columns: the same classes, and the answers given most besides. */
export function confusionTable(cells: readonly CountedCell[]): ConfusionTable {
  const byTruth = totals(cells, ({ truth }) => truth);
  const truths = mostFrequent(byTruth, mostRows).sort((a, b) => a - b);
  const shown = cells.filter(({ truth }) => truths.includes(truth));
  const besides = totals(
    shown.filter(({ answer }) => !truths.includes(answer)),
    ({ answer }) => answer,
  );
  const answers = [...truths, ...mostFrequent(besides, furtherAnswers)];
  const counts = new Map(shown.map((cell) => [`${cell.truth},${cell.answer}`, cell.count]));
  const count = (truth: number, answer: number) => counts.get(`${truth},${answer}`) ?? 0;
  return {
    truths,
    answers,
    count,
    others: (truth) =>
      (byTruth.get(truth) ?? 0) - answers.reduce((sum, answer) => sum + count(truth, answer), 0),
  };
}

function totals(cells: readonly CountedCell[], keyOf: (cell: CountedCell) => number) {
  const sums = new Map<number, number>();
  for (const cell of cells) sums.set(keyOf(cell), (sums.get(keyOf(cell)) ?? 0) + cell.count);
  return sums;
}

function mostFrequent(sums: ReadonlyMap<number, number>, most: number): number[] {
  return [...sums]
    .sort(([a, m], [b, n]) => n - m || a - b)
    .slice(0, most)
    .map(([index]) => index);
}
