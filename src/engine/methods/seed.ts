/** What stands at the model's numbers when the walk back begins. */
import type { OutputKind } from '../../shared/output-kind';
import { probabilitiesOf } from '../outputs/probabilities';
import type { Method } from './method';

/** Why one class and not another. */
export interface Contrast {
  readonly index: number;
  readonly against: number;
}

/** What a map is of: a class by its number, or one class rather than another. */
export type Target = number | Contrast;

/**
 * `[K, classes]`: one-hot for the number itself, which is the logit, or what the model gives in its
 * place; for the probability p_c its gradient by the logits: p_c (1_c − p) of a softmax,
 * p_c (1 − p_c) 1_c of a sigmoid, 1_c of a probability without a logit. A value has none and is
 * explained itself; so is a class without an alternative, whose softmax is always 1.
 *
 * Of a contrast 1_a − 1_b, whatever the method's seed is: the difference of the logits is also the
 * log-odds of a softmax, since log(p_a / p_b) = y_a − y_b. Of sigmoids it is the log of the ratio of
 * their odds, of the two sides of one logit twice its log-odds, of other numbers their difference.
 */
export function seedFor(
  seed: NonNullable<Method['seed']>,
  kind: OutputKind,
  outputs: Float32Array,
  targets: readonly Target[],
): Float32Array {
  const width = outputs.length;
  const rows = new Float32Array(targets.length * width);
  const probabilities = seed === 'probability' ? probabilitiesOf(outputs, kind) : undefined;
  for (const [k, target] of targets.entries()) {
    if (typeof target !== 'number') {
      rows[k * width + target.index] = 1;
      rows[k * width + target.against] = -1;
      continue;
    }
    const index = target;
    const own = probabilities?.[index] ?? 0;
    if (probabilities && kind === 'softmax' && width > 1) {
      for (const [i, p] of probabilities.entries())
        rows[k * width + i] = own * ((i === index ? 1 : 0) - p);
    } else if (probabilities && (kind === 'sigmoid' || kind === 'binary')) {
      rows[k * width + index] = own * (1 - own);
    } else {
      rows[k * width + index] = 1;
    }
  }
  return rows;
}
