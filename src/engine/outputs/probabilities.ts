/** From the numbers that a model gives to what a person reads: the one place that decides it. */
import type { OutputKind } from '../../shared/output-kind';
import { EngineError } from '../engine-error';

/**
 * The probability of each class, in double precision.
 * @returns undefined where the numbers are values, which have none
 * @throws EngineError `model-unreadable` for numbers that are said to be probabilities and cannot be
 */
export function probabilitiesOf(outputs: Float32Array, kind: OutputKind): Float64Array | undefined {
  switch (kind) {
    case 'softmax':
      return softmax(outputs);
    case 'sigmoid':
    case 'binary':
      return Float64Array.from(outputs, (logit) => 1 / (1 + Math.exp(-logit)));
    case 'probability':
      return checkedShares(outputs);
    case 'value':
      return undefined;
  }
}

/** Half precision and sums round. */
const rounding = 1e-3;

function checkedShares(outputs: Float32Array): Float64Array {
  const index = outputs.findIndex((share) => share < -rounding || share > 1 + rounding);
  if (index === -1) return Float64Array.from(outputs);
  throw new EngineError(
    'model-unreadable',
    `The model’s numbers are taken for probabilities, but they are none: class ${index} gets ${Number(outputs[index]?.toPrecision(4))}, which is not between 0 and 1.`,
    'Write what they are for “output” in its .vit.json: “softmax” or “sigmoid” for logits, “value” for a regression.',
  );
}

/** Shifted so that no exponential overflows. */
function softmax(logits: Float32Array): Float64Array {
  const largest = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  const exponentials = Float64Array.from(logits, (logit) => Math.exp(logit - largest));
  const sum = exponentials.reduce((a, b) => a + b, 0);
  return exponentials.map((exponential) => exponential / sum);
}

/** Class numbers, the most probable first; values have no best one and stay in their order. */
export function ranking(outputs: Float32Array, kind: OutputKind): number[] {
  const indices = [...outputs.keys()];
  return kind === 'value'
    ? indices
    : indices.sort((a, b) => (outputs[b] ?? 0) - (outputs[a] ?? 0) || a - b);
}

/**
 * −log probability of the truth, in nats; of logits it is finite also where that rounds to zero. Of
 * classes that are judged each on its own: the share of the binary cross-entropy that is the truth's.
 */
export function lossOf(outputs: Float32Array, truth: number, kind: OutputKind): number | undefined {
  const own = outputs[truth] ?? 0;
  switch (kind) {
    case 'softmax': {
      const largest = outputs.reduce((a, b) => Math.max(a, b), -Infinity);
      const sum = outputs.reduce((total, logit) => total + Math.exp(logit - largest), 0);
      return Math.log(sum) + largest - own;
    }
    case 'sigmoid':
    case 'binary':
      return Math.max(0, -own) + Math.log1p(Math.exp(-Math.abs(own)));
    case 'probability':
      return -Math.log(Math.max(own, smallestProbability));
    case 'value':
      return undefined;
  }
}

/** The least positive float32: a probability that rounded to zero was smaller. */
export const smallestProbability = 2 ** -149;
