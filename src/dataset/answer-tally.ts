/** How right the answers to labelled samples are, among all classes or among some. */
import type { AnswerFigures } from '../shared/dataset-summary';
import { CalibrationBins } from './calibration';
import { Mean } from './mean';

/** The answer to a sample whose label stands for a class. */
export interface JudgedAnswer {
  /** Place of the truth among the classes, from 0. */
  readonly truthRank: number | undefined;
  /** −log probability of the truth, in nats. */
  readonly loss: number | undefined;
  /** Of the best class, 0 … 1. */
  readonly probability: number | undefined;
}

export class AnswerTally {
  private readonly top1 = new Mean();
  private readonly top5 = new Mean();
  private readonly loss = new Mean();
  private readonly sureness = new CalibrationBins();

  add({ truthRank, loss, probability }: JudgedAnswer): void {
    this.top1.add(truthRank === 0 ? 1 : 0);
    this.top5.add(truthRank !== undefined && truthRank < 5 ? 1 : 0);
    this.loss.add(loss ?? 0);
    if (probability !== undefined) this.sureness.add(probability, truthRank === 0);
  }

  get figures(): AnswerFigures {
    return {
      labelled: this.top1.count,
      top1: this.top1.value,
      top5: this.top5.value,
      loss: this.loss.value,
      calibration: this.sureness.calibration,
    };
  }
}
