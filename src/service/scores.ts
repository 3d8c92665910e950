/** From what a model gives to the classes a person reads. */
import { answersAmong } from '../engine/outputs/among';
import { probabilitiesOf } from '../engine/outputs/probabilities';
import type { ClassScore } from '../shared/explanation';
import type { OutputKind } from '../shared/output-kind';
import { labelOf } from './models/class-names';

/** What has to be known to read the model's percentages. */
export function noticesOf(
  kind: OutputKind,
  classes: number,
  of: 'picture' | 'dataset',
): readonly string[] {
  if (kind === 'probability') {
    return [
      'The model gives the probabilities itself: they are shown as they are, and there are no logits behind them.',
    ];
  }
  if (kind !== 'sigmoid' || classes === 1) return [];
  const apart =
    'The model judges each class on its own (a sigmoid), so the percentages do not add up to 100';
  return [
    of === 'picture'
      ? `${apart}.`
      : `${apart}; a label counts as right where its class is the most probable one.`,
  ];
}

/** What a model's numbers are, to make scores of them. */
interface ScoredBy {
  readonly labels: readonly string[];
  readonly kind: OutputKind;
  /** Of a model that compares phrases: its logits are similarities times this. */
  readonly logitScale?: number | undefined;
  /** Classes that answers are taken among; left out: all. */
  readonly among?: readonly number[] | undefined;
}

/**
 * How strongly the model answered the given classes.
 * @param before what the model gave for the picture as it is, where it was changed
 */
export function scoresOf(
  classes: readonly number[],
  outputs: Float32Array,
  scored: ScoredBy,
  before?: Float32Array,
): ClassScore[] {
  const strength = strengthsOf(outputs, scored);
  const strengthBefore = before && strengthsOf(before, scored);
  return classes.map((index) => ({
    index,
    label: labelOf(scored.labels, index),
    ...strength(index),
    ...(strengthBefore && { before: strengthBefore(index) }),
  }));
}

/** Of each class by its number. */
function strengthsOf(outputs: Float32Array, { kind, logitScale, among }: ScoredBy) {
  const probabilities = probabilitiesOf(outputs, kind);
  const shareOf = among && answersAmong(outputs, kind, among).shareOf;
  return (index: number): Omit<ClassScore, 'index' | 'label' | 'before'> => {
    const own = outputs[index] ?? 0;
    const probability = probabilities?.[index];
    const share = shareOf?.(index);
    const isLogit = kind !== 'probability' && (kind !== 'value' || logitScale !== undefined);
    return {
      ...(probability !== undefined && { probability }),
      ...(share !== undefined && { share }),
      ...(isLogit && { logit: own }),
      ...(kind === 'value' && logitScale === undefined && { value: own }),
      ...(logitScale !== undefined && { similarity: own / logitScale }),
    };
  };
}
