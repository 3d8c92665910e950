/** From what a model gives to the classes a person reads. */
import { probabilitiesOf } from '../engine/outputs/probabilities';
import type { ClassScore } from '../shared/explanation';
import type { OutputKind } from '../shared/output-kind';

/** The name of a class, or its number where the model has no names. */
export function labelOf(labels: readonly string[], index: number): string {
  return labels[index] ?? `class ${index}`;
}

/** Names where none were found: a single number is no “class 0”. */
export function usualNames(kind: OutputKind, count: number): readonly string[] {
  if (kind === 'value')
    return count === 1 ? ['value'] : Array.from({ length: count }, (_, index) => `value ${index}`);
  return count === 1 && kind !== 'softmax' ? ['positive'] : [];
}

/**
 * Names of both sides of a number of which one side has a name: below a half the answer is the other
 * one. What speaks against the class comes first.
 */
export function sidesOf(name: string): readonly [against: string, speaksFor: string] {
  return [name === 'positive' ? 'negative' : `not ${name}`, name];
}

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

/** Class numbers, the most probable first; values have no best one and stay in their order. */
export function ranking(outputs: Float32Array, kind: OutputKind): number[] {
  const indices = [...outputs.keys()];
  return kind === 'value'
    ? indices
    : indices.sort((a, b) => (outputs[b] ?? 0) - (outputs[a] ?? 0) || a - b);
}

/**
 * How strongly the model answered the given classes.
 * @param logitScale of a model that compares phrases: its logits are similarities times this
 */
export function scoresOf(
  classes: readonly number[],
  outputs: Float32Array,
  labels: readonly string[],
  kind: OutputKind,
  logitScale?: number,
): ClassScore[] {
  const probabilities = probabilitiesOf(outputs, kind);
  return classes.map((index) => {
    const own = outputs[index] ?? 0;
    const probability = probabilities?.[index];
    const isLogit = kind !== 'probability' && (kind !== 'value' || logitScale !== undefined);
    return {
      index,
      label: labelOf(labels, index),
      ...(probability !== undefined && { probability }),
      ...(isLogit && { logit: own }),
      ...(kind === 'value' && logitScale === undefined && { value: own }),
      ...(logitScale !== undefined && { similarity: own / logitScale }),
    };
  });
}

/** A probability as a person reads it: `93.1 %`. */
export function percent(probability: number): string {
  return `${(probability * 100).toFixed(1)} %`;
}
