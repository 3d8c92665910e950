/** `exp(x) / Σ exp(x)` over the last axis becomes Softmax, with or without its largest value taken away first. */
import { positiveAxis } from '../../ops/axes';
import type { Rewrite } from '../rewrite';

export const spelledSoftmax: Rewrite = (node, view, builder) => {
  if (node.op !== 'Div') return undefined;
  const [numerator = '', denominator] = node.inputs;
  const exponential = view.producerOf(numerator, 'Exp');
  const sum = view.producerOf(denominator, 'ReduceSum');
  if (!exponential || sum?.inputs[0] !== numerator) return undefined;
  const rank = view.shape(numerator).length;
  const axes = view.numbers(sum.inputs[1]);
  const [axis = 0] = axes ?? [];
  if (axes?.length !== 1 || positiveAxis(axis, rank) !== rank - 1) return undefined;
  if (sum.attributes.keepdims === 0) return undefined;
  const [scores = ''] = exponential.inputs;
  const shifted = view.producerOf(scores, 'Sub');
  const largest = view.producerOf(shifted?.inputs[1], 'ReduceMax');
  const [x = ''] = shifted?.inputs ?? [];
  // What is the same for the whole row changes nothing.
  const plain = largest?.inputs[0] === x && view.numbers(largest.inputs[1])?.join() === axes.join();
  return [builder.node('Softmax', [plain ? x : scores], { axis: -1 })];
};
