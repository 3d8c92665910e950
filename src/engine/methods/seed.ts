/** What stands at the logits when the walk back begins. */
import type { Method } from './method';

/** Softmax probabilities of the logits. */
function probabilities(logits: Float32Array): Float64Array {
  const largest = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  const exponentials = Float64Array.from(logits, (logit) => Math.exp(logit - largest));
  const total = exponentials.reduce((a, b) => a + b, 0);
  return exponentials.map((value) => value / total);
}

/**
 * `[K, classes]`: one-hot for the logit; for the probability its gradient p_c (1_c − p), times
 * nothing else. Without an alternative the probability is always 1: a single class is explained by
 * its logit.
 */
export function seedFor(
  kind: NonNullable<Method['seed']>,
  logits: Float32Array,
  classes: readonly number[],
): Float32Array {
  const width = logits.length;
  const seed = new Float32Array(classes.length * width);
  for (const [k, index] of classes.entries()) {
    if (kind === 'probability' && width > 1) {
      const p = probabilities(logits);
      const own = p[index] ?? 0;
      for (const [i, value] of p.entries())
        seed[k * width + i] = own * ((i === index ? 1 : 0) - value);
    } else seed[k * width + index] = 1;
  }
  return seed;
}
