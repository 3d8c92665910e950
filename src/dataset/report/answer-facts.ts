import type { AnswerFigures } from '../../shared/dataset-summary';
import { percent, type Fact } from './page';

/**
 * How right answers are, as far as that is known.
 *
 * @param classes how many there are to choose among
 */
export function answerFacts(
  { top1, top5, loss, calibration }: AnswerFigures,
  classes: number,
): readonly Fact[] {
  return [
    ...(top1 === undefined ? [] : [['Accuracy', percent(top1)] as const]),
    ...(top5 === undefined || classes <= 5
      ? []
      : [['Right within the first five', percent(top5)] as const]),
    ...(loss === undefined ? [] : [['Mean loss', `${loss.toFixed(3)} nats`] as const]),
    ...(calibration === undefined
      ? []
      : [['Expected calibration error', percent(calibration.error)] as const]),
  ];
}
