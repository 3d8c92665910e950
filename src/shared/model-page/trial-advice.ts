/** What a trial of preparations says, as far as it is no chance. */
import { preprocessingInBrief } from '../preprocessing-steps';
import type { Trial, TrialRow } from './trial';

/** Of all ways together: so often one would be called better where none is. */
const level = 0.05;

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
  if (first.figures.labelled === 0) {
    return {
      better: undefined,
      sentence:
        'No label of these pictures is a class of the model, so nothing says which answers are right. A wrong preparation is often as sure of itself as the right one: look at pictures that you know.',
    };
  }
  if (used === undefined) return undefined;
  const others = rows.filter((row) => row !== used);
  const [best] = others
    .filter(({ figures }) => figures.better > figures.worse)
    .sort((a, b) => b.figures.right - a.figures.right);
  if (
    best === undefined ||
    chanceOf(best.figures.better, best.figures.worse) * others.length >= level
  ) {
    return {
      better: undefined,
      sentence:
        'No other preparation is right on more of these pictures than chance would have it: they give no reason to change it.',
    };
  }
  const { better, worse, right, labelled } = best.figures;
  return {
    better: best,
    sentence: `${nameOfWay(best)} is right on ${right} of ${labelled} pictures, what is in use on ${used.figures.right}: right on ${better} that are wrong now, wrong on ${worse} that are right now. That is no chance.`,
  };
}

/** The families whose way it is, else what tells it from others. */
export function nameOfWay({ names, preprocessing }: Pick<TrialRow, 'names' | 'preprocessing'>) {
  return names.length > 0 ? names.join(' = ') : preprocessingInBrief(preprocessing);
}

/**
 * How probable a difference as large, in either direction, is where both ways are right equally often:
 * the exact sign test on the pictures that only one of them is right on (McNemar).
 */
export function chanceOf(better: number, worse: number): number {
  const pictures = better + worse;
  let term = 0.5 ** pictures;
  let tail = 0;
  for (let fewer = 0; fewer <= Math.min(better, worse); fewer += 1) {
    tail += term;
    term = (term * (pictures - fewer)) / (fewer + 1);
  }
  return Math.min(1, 2 * tail);
}
