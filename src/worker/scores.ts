/** From logits to the classes a person reads. */
import type { ClassScore } from '../shared/explanation';

/** The name of a class, or its number where the model has no names. */
export function labelOf(labels: readonly string[], index: number): string {
  return labels[index] ?? `class ${index}`;
}

/** Softmax in double precision, shifted so that no exponential overflows. */
export function softmax(logits: Float32Array): Float64Array {
  const largest = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  const exponentials = Float64Array.from(logits, (logit) => Math.exp(logit - largest));
  const sum = exponentials.reduce((a, b) => a + b, 0);
  return exponentials.map((exponential) => exponential / sum);
}

/**
 * @param independent each class is judged on its own (a sigmoid), not against the others (a softmax)
 */
export function probabilitiesOf(logits: Float32Array, independent: boolean): Float64Array {
  return independent
    ? Float64Array.from(logits, (logit) => 1 / (1 + Math.exp(-logit)))
    : softmax(logits);
}

/** What has to be known to read the model's percentages. */
export function noticesOf({ independent }: { readonly independent: boolean }): readonly string[] {
  return independent
    ? [
        'The model judges each class on its own (it ends in a sigmoid), so the percentages do not add up to 100.',
      ]
    : [];
}

/** Class numbers, the most probable first. */
export function ranking(logits: Float32Array): number[] {
  return [...logits.keys()].sort((a, b) => (logits[b] ?? 0) - (logits[a] ?? 0) || a - b);
}

/**
 * How strongly the model answered the given classes.
 * @param independent as `probabilitiesOf` takes it
 * @param logitScale of a model that compares phrases: its logits are similarities times this
 */
export function scoresOf(
  classes: readonly number[],
  logits: Float32Array,
  labels: readonly string[],
  {
    independent = false,
    logitScale,
  }: { independent?: boolean; logitScale?: number | undefined } = {},
): ClassScore[] {
  const probabilities = probabilitiesOf(logits, independent);
  return classes.map((index) => ({
    index,
    label: labelOf(labels, index),
    probability: probabilities[index] ?? 0,
    logit: logits[index] ?? 0,
    ...(logitScale !== undefined && { similarity: (logits[index] ?? 0) / logitScale }),
  }));
}

/** A probability as a person reads it: `93.1 %`. */
export function percent(probability: number): string {
  return `${(probability * 100).toFixed(1)} %`;
}
