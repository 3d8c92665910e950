/** What stands at the model's numbers when the walk back begins. */
import type { OutputKind } from '../../shared/output-kind';
import { probabilitiesOf } from '../outputs/probabilities';
import type { Method } from './method';

/**
 * `[K, classes]`: one-hot for the number itself, which is the logit, or what the model gives in its
 * place; for the probability p_c its gradient by the logits: p_c (1_c − p) of a softmax,
 * p_c (1 − p_c) 1_c of a sigmoid, 1_c of a probability without a logit. A value has none and is
 * explained itself; so is a class without an alternative, whose softmax is always 1.
 */
export function seedFor(
  seed: NonNullable<Method['seed']>,
  kind: OutputKind,
  outputs: Float32Array,
  classes: readonly number[],
): Float32Array {
  const width = outputs.length;
  const rows = new Float32Array(classes.length * width);
  const probabilities = seed === 'probability' ? probabilitiesOf(outputs, kind) : undefined;
  for (const [k, index] of classes.entries()) {
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
