/** What a trial of preparations says, as far as it is no chance. */
import { formatDecimals } from '../format-number';
import { preprocessingInBrief } from '../preprocessing-steps';
import type { Trial, TrialRow } from './trial';

/** Fewer pictures with a label tell too little. */
const fewest = 20;
/**
 * A gain of so many standard errors is no chance, although a dozen ways are compared: by Student's t,
 * one of ten that are no better reaches it in 4 of 100 trials of 20 pictures, in fewer of more.
 */
const errors = 3;

export interface TrialAdvice {
  /** The way that is clearly better than the one in use. */
  readonly better: TrialRow | undefined;
  readonly sentence: string;
}

/** @returns undefined where there is nothing to be said: one picture, or none yet */
export function trialAdvice({ subject, rows }: Trial): TrialAdvice | undefined {
  const used = rows.find(({ inUse }) => inUse);
  const [first] = rows;
  if (subject.kind === 'picture' || first === undefined) return undefined;
  const { labelled } = first.figures;
  if (labelled === 0) {
    return none(
      'No label of these pictures is a class of the model, so nothing says which answers are right. A wrong preparation is often as sure of itself as the right one: look at pictures that you know.',
    );
  }
  if (labelled < fewest) {
    return none(
      `Only ${labelled} of these pictures have a label that is a class of the model: too few to tell preparations apart by; ${fewest} would do.`,
    );
  }
  if (used === undefined) return undefined;
  const [best] = rows.filter((row) => row !== used).sort((a, b) => gainOf(b).mean - gainOf(a).mean);
  if (best === undefined || gainOf(best).mean <= errors * gainOf(best).error) {
    return none(
      'No other preparation suits these pictures better than chance would have it: they give no reason to change it.',
    );
  }
  const { mean, error } = gainOf(best);
  return {
    better: best,
    sentence: `${nameOfWay(best)} suits these pictures better than what is in use: right on ${best.figures.right} of ${labelled} instead of ${used.figures.right}, with a loss (−log probability of the label) less by ${formatDecimals(mean, 2)} ± ${formatDecimals(error, 2)}. That is no chance.`,
  };
}

/** The families whose way it is, else what tells it from others. */
export function nameOfWay({ names, preprocessing }: Pick<TrialRow, 'names' | 'preprocessing'>) {
  return names.length > 0 ? names.join(' = ') : preprocessingInBrief(preprocessing);
}

function none(sentence: string): TrialAdvice {
  return { better: undefined, sentence };
}

function gainOf({ figures }: TrialRow): { readonly mean: number; readonly error: number } {
  return figures.gain ?? { mean: 0, error: 0 };
}
