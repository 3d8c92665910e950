/** What norms are spelled out of: squares, means over the features, deviations. */
import type { GraphNode } from '../graph';
import type { GraphView } from '../graph-view';
import { positiveAxis } from '../../ops/axes';

/** `y` of `y²`. */
export function squareBase(view: GraphView, tensor: string | undefined): string | undefined {
  const power = view.producerOf(tensor, 'Pow', 'Mul');
  const [base, exponent] = power?.inputs ?? [];
  if (power?.op === 'Pow') return view.scalar(exponent) === 2 ? base : undefined;
  return base === exponent ? base : undefined;
}

export function overLastAxis(view: GraphView, node: GraphNode): boolean {
  const rank = view.shape(node.inputs[0] ?? '').length;
  const axes = view.numbers(node.inputs[1]);
  return axes?.length === 1 && positiveAxis(axes[0] ?? 0, rank) === rank - 1;
}

/** `y` of `mean(y²)` over the last axis. */
export function meanOfSquares(view: GraphView, tensor: string | undefined): string | undefined {
  const mean = view.producerOf(tensor, 'ReduceMean');
  return mean && overLastAxis(view, mean) ? squareBase(view, mean.inputs[0]) : undefined;
}

/** ε of `sqrt(variance + ε)`. */
export function deviationEpsilon(
  view: GraphView,
  tensor: string | undefined,
  isVariance: (tensor: string) => boolean,
): number | undefined {
  const root = view.producerOf(tensor, 'Sqrt');
  const sum = view.producerOf(root?.inputs[0], 'Add');
  for (const [i, input] of (sum?.inputs ?? []).entries()) {
    const epsilon = view.scalar(sum?.inputs[1 - i]);
    if (epsilon !== undefined && isVariance(input)) return epsilon;
  }
  return undefined;
}
