/** What is measured of an answer: one class, or one class against another. */
import type { OutputKind } from '../../shared/output-kind';
import { probabilitiesOf } from '../outputs/probabilities';

/** The class whose map is measured, and the one that it is held against in a contrast. */
export interface Target {
  readonly index: number;
  readonly against?: number;
}

export interface TargetScore {
  /** p_c; of a contrast p_A / (p_A + p_B); of values the value, or the difference of both. */
  readonly probability: number;
  /** The number that the model gives for the class; of a contrast the difference of both. */
  readonly logit: number;
}

/** @param outputs one number a class, as `Explainer.classify` gives them */
export function scoreOf(
  outputs: Float32Array,
  kind: OutputKind,
  { index, against }: Target,
): TargetScore {
  const own = outputs[index] ?? 0;
  if (against === undefined)
    return { probability: probabilitiesOf(outputs, kind)?.[index] ?? own, logit: own };
  const other = outputs[against] ?? 0;
  const logit = own - other;
  // The same as of the probabilities, and exact where these round to 0.
  if (kind === 'softmax') return { probability: 1 / (1 + Math.exp(-logit)), logit };
  const probabilities = probabilitiesOf(outputs, kind);
  if (!probabilities) return { probability: logit, logit };
  const [p, q] = [probabilities[index] ?? 0, probabilities[against] ?? 0];
  return { probability: p + q > 0 ? p / (p + q) : 0.5, logit };
}
