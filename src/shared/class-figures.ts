/** How well a classifier tells each class, by its confusion matrix. */
import type { CountedCell } from './dataset-summary';

export interface ClassFigures {
  readonly index: number;
  /** Labelled samples of the class. */
  readonly samples: number;
  /** Labelled samples that are answered with it. */
  readonly answers: number;
  /** Share of the answers that are right; undefined where it is never answered. */
  readonly precision: number | undefined;
  /** Share of its samples that are answered with it. */
  readonly recall: number;
}

/**
 * Precision and recall of each class that samples are labelled with: `n_cc / Σ_t n_tc` and
 * `n_cc / Σ_a n_ca`, with `n_ta` samples of truth t answered a (Sokolova and Lapalme, “A systematic
 * analysis of performance measures for classification tasks”, 2009, for one class of several).
 *
 * @returns the least recalled first, of equal ones those with more samples
 */
export function classFigures(confusion: readonly CountedCell[]): readonly ClassFigures[] {
  const samples = new Map<number, number>();
  const answers = new Map<number, number>();
  const right = new Map<number, number>();
  const add = (to: Map<number, number>, index: number, count: number) =>
    to.set(index, (to.get(index) ?? 0) + count);
  for (const { truth, answer, count } of confusion) {
    add(samples, truth, count);
    add(answers, answer, count);
    if (truth === answer) add(right, truth, count);
  }
  return [...samples]
    .map(([index, of]) => {
      const hits = right.get(index) ?? 0;
      const said = answers.get(index) ?? 0;
      return {
        index,
        samples: of,
        answers: said,
        precision: said === 0 ? undefined : hits / said,
        recall: hits / of,
      };
    })
    .sort((a, b) => a.recall - b.recall || b.samples - a.samples || a.index - b.index);
}
