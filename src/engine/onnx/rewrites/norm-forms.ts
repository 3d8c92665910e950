/** Norms in the order in which other libraries write them, brought to the one that `layerNorm` and `rmsNorm` know. */
import type { GraphView } from '../graph-view';
import type { Rewrite } from '../rewrite';

/** `x · (w/σ)` and `x · ((1/σ) · w)` become `(x / σ) · w`, where σ is a root or a length. */
export const dividedByRoot: Rewrite = (node, view, builder) => {
  if (node.op !== 'Mul') return undefined;
  for (const [i, input] of node.inputs.entries()) {
    const x = node.inputs[1 - i] ?? '';
    const factor = weightOverRoot(view, input);
    if (!factor || view.constant(x)) continue;
    const quotient = builder.node('Div', [x, factor.root]);
    const { weight } = factor;
    return [view.scalar(weight) === 1 ? quotient : builder.node('Mul', [quotient, weight])];
  }
  return undefined;
};

/**
 * `(x / σ) · w + (b − (μ / σ) · w)`, as TensorFlow writes a norm, becomes `((x − μ) / σ) · w + b`.
 */
export const centredFirst: Rewrite = (node, view, builder) => {
  if (node.op !== 'Add') return undefined;
  for (const [i, input] of node.inputs.entries()) {
    const left = scaledQuotient(view, input);
    const shift = view.producerOf(node.inputs[1 - i], 'Sub');
    const right = scaledQuotient(view, shift?.inputs[1]);
    const bias = shift?.inputs[0];
    if (!left || !right || bias === undefined || view.constant(bias) === undefined) continue;
    if (left.root !== right.root || left.weight !== right.weight) continue;
    const centred = builder.node('Sub', [left.numerator, right.numerator]);
    const unit = builder.node('Div', [centred, left.root]);
    return [builder.node('Add', [builder.node('Mul', [unit, left.weight]), bias])];
  }
  return undefined;
};

/** The parts of `w / σ` or `(1 / σ) · w`. */
function weightOverRoot(
  view: GraphView,
  tensor: string | undefined,
): { root: string; weight: string } | undefined {
  const [weight = '', root = ''] = view.producerOf(tensor, 'Div')?.inputs ?? [];
  if (view.constant(weight) && isDeviation(view, root)) return { root, weight };
  const [a, b] = view.producerOf(tensor, 'Mul')?.inputs ?? [];
  for (const [factor, other] of [
    [a, b],
    [b, a],
  ]) {
    const inner = view.constant(other) && weightOverRoot(view, factor);
    if (inner && other !== undefined && view.scalar(inner.weight) === 1)
      return { root: inner.root, weight: other };
  }
  return undefined;
}

/** The parts of `(y / σ) · w`. */
function scaledQuotient(
  view: GraphView,
  tensor: string | undefined,
): { numerator: string; root: string; weight: string } | undefined {
  const product = view.producerOf(tensor, 'Mul');
  for (const [i, input] of (product?.inputs ?? []).entries()) {
    const quotient = view.producerOf(input, 'Div');
    const [numerator = '', root = ''] = quotient?.inputs ?? [];
    const weight = product?.inputs[1 - i];
    if (quotient && weight !== undefined && isDeviation(view, root))
      return { numerator, root, weight };
  }
  return undefined;
}

/** A root or a length, perhaps guarded from zero. */
function isDeviation(view: GraphView, tensor: string): boolean {
  const guard = view.producerOf(tensor, 'Clip', 'Expand', 'Reshape');
  if (guard) return isDeviation(view, guard.inputs[0] ?? '');
  return view.producerOf(tensor, 'Sqrt', 'ReduceL2') !== undefined;
}
