/** The answers among some classes, counted as `DatasetTally` counts those among all. */
import type { AmongSummary, Mistake } from '../shared/dataset-summary';
import type { ExplainedSample } from '../shared/sample-result';
import { AnswerTally } from './answer-tally';
import { Surest } from './surest';

export class AmongTally {
  private readonly answers = new AnswerTally();
  private readonly cells = new Map<string, { truth: number; answer: number; count: number }>();
  private readonly surest = new Surest<Mistake>(({ probability }) => probability);
  /** Samples whose label stands for none of the classes. */
  private outside = 0;

  add({ name, truth, among }: ExplainedSample): void {
    const [best] = among?.top ?? [];
    if (among === undefined || best === undefined || truth === undefined) return;
    const { truthRank, loss } = among;
    if (truthRank === undefined) {
      this.outside++;
      return;
    }
    const { index: answer, probability } = best;
    this.answers.add({ truthRank, loss, probability });
    const key = `${truth},${answer}`;
    const cell = this.cells.get(key) ?? { truth, answer, count: 0 };
    this.cells.set(key, cell);
    cell.count++;
    if (truthRank > 0) this.surest.add({ name, truth, answer, probability });
  }

  /** Of the lines so far. */
  get summary(): AmongSummary {
    return {
      ...this.answers.figures,
      outside: this.outside,
      confusion: [...this.cells.values()].sort((a, b) => a.truth - b.truth || a.answer - b.answer),
      mistakes: this.surest.items,
    };
  }
}
