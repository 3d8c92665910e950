/** RMSNorm, spelled out or as an operator of opset 23, becomes one node. */
import type { GraphView } from '../graph-view';
import type { Rewrite } from '../rewrite';
import { sizeOf } from '../tensor-bytes';
import { deviationEpsilon, meanOfSquares } from './norm-parts';

/** ONNX Runtime's name for it, which every opset may use. */
export const rmsNormOp = 'SimplifiedLayerNormalization';

/**
 * `w·x / sqrt(mean(x²) + ε)` over the last axis (Zhang and Sennrich, arXiv 1910.07467), the scale in
 * front or behind, the division as Div or as a product with the reciprocal.
 */
export const rmsNorm: Rewrite = (node, view, builder) => {
  if (node.op === 'RMSNormalization')
    return [builder.node(rmsNormOp, node.inputs, { ...node.attributes })];
  if (node.op !== 'Mul') return undefined;
  for (const [i, input] of node.inputs.entries()) {
    const scale = node.inputs[1 - i] ?? '';
    const constant = view.constant(scale);
    const match = constant && normalised(view, input);
    if (!match) continue;
    const dim = view.shape(input).at(-1) ?? 0;
    if (constant.dims.at(-1) !== dim || sizeOf(constant.dims) !== dim) continue;
    const flat = builder.constant(constant.type, constant.data, [dim]);
    return [builder.node(rmsNormOp, [match.x, flat], { axis: -1, epsilon: match.epsilon })];
  }
  return undefined;
};

/** `x` and ε of `x / sqrt(mean(x²) + ε)`. */
function normalised(view: GraphView, tensor: string): { x: string; epsilon: number } | undefined {
  const node = view.producerOf(tensor, 'Div', 'Mul');
  for (const [i, x] of (node?.inputs ?? []).entries()) {
    const other = node?.inputs[1 - i];
    const root = node?.op === 'Mul' ? reciprocalOf(view, other) : i === 0 ? other : undefined;
    const epsilon = deviationEpsilon(view, root, (tensor) => meanOfSquares(view, tensor) === x);
    if (epsilon !== undefined) return { x, epsilon };
  }
  return undefined;
}

/** `y` of `1 / y`. */
function reciprocalOf(view: GraphView, tensor: string | undefined): string | undefined {
  const division = view.producerOf(tensor, 'Div');
  return view.scalar(division?.inputs[0]) === 1 ? division?.inputs[1] : undefined;
}
