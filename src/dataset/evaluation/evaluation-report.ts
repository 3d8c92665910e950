/** What all reports of an evaluation are made from. */
import type {
  EvaluationHeader,
  MeasuredCosts,
  MeasuredRandomisation,
  PictureRecord,
} from '../../shared/evaluation';
import type { Removal } from '../../shared/faithfulness';
import { counted } from '../../shared/counted';

export interface EvaluationReport {
  readonly header: EvaluationHeader;
  readonly records: readonly PictureRecord[];
  /** Left out where none were measured. */
  readonly costs: MeasuredCosts | undefined;
  /** Left out where it was not asked for. */
  readonly randomised?: MeasuredRandomisation | undefined;
}

const removalWords: Readonly<Record<Removal, string>> = {
  grey: 'the colour that the model normalises to 0 in their place',
  mean: 'the picture’s mean colour in their place',
  blur: 'the blurred picture in their place',
  tokens: 'nothing in their place (their tokens are left out)',
};

/** How the figures came about, in one or two sentences. */
export function howMeasured(header: EvaluationHeader, pictures: number): string {
  const { available, samples, evaluated, measuring } = header;
  const drawn = samples < available ? `, drawn evenly over the labels from ${available}` : '';
  const part = pictures < samples ? ` of ${samples}` : '';
  const whose =
    evaluated === 'answer' ? 'the class that the model answers' : 'the class of the label';
  return `${pictures}${part} ${counted(pictures, 'picture', 'pictures').replace(/^\d+ /, '')}${drawn}; maps of ${whose}; patches are taken away in ${measuring.steps} steps, with ${removalWords[measuring.removal]}.`;
}
