/** LayerNorm written out as mean, variance and division becomes one node. */
import type { GraphView } from '../graph-view';
import type { Rewrite } from '../rewrite';
import { sizeOf } from '../tensor-bytes';
import { deviationEpsilon, meanOfSquares, overLastAxis, squareBase } from './norm-parts';

/**
 * Matches `(x - mean(x)) / sqrt(mean((x - mean(x))²) + ε)` over the last axis, the square as Pow or
 * Mul, the mean subtracted once or twice, the variance also as `mean(x²) - mean(x)²`. Scale and shift stay behind it as Mul and Add, or are
 * taken in by `normScale`.
 */
export const layerNorm: Rewrite = (node, view, builder) => {
  if (node.op !== 'Div') return undefined;
  const [numerator, denominator] = node.inputs;
  const x = centred(view, numerator);
  if (x === undefined) return undefined;
  const isVariance = (tensor: string) => isVarianceOf(view, tensor, x);
  const epsilon = deviationEpsilon(view, denominator, isVariance);
  if (epsilon === undefined) return undefined;
  const dim = view.shape(x).at(-1) ?? 0;
  const scale = builder.floats(new Float32Array(dim).fill(1), [dim]);
  const shift = builder.floats(new Float32Array(dim), [dim]);
  return [builder.node('LayerNormalization', [x, scale, shift], { axis: -1, epsilon })];
};

/**
 * Takes the Mul or Add by a vector behind a plain LayerNorm into it.
 * The bias is taken in only where there is none yet, the scale only where it is one.
 */
export const normScale: Rewrite = (node, view, builder) => {
  if (node.op !== 'Mul' && node.op !== 'Add') return undefined;
  for (const [i, input] of node.inputs.entries()) {
    const norm = view.producerOf(input, 'LayerNormalization');
    const vector = node.inputs[1 - i];
    if (!norm || vector === undefined || view.consumers(input).length > 1) continue;
    const [x = '', scale = '', shift = ''] = norm.inputs;
    const constant = view.constant(vector);
    if (view.isOutput(input) || !constant || (shift !== '' && !isAll(view, shift, 0))) continue;
    const [dim = 0] = view.shape(scale);
    if (constant.dims.at(-1) !== dim || sizeOf(constant.dims) !== dim) continue;
    const flat = builder.constant(constant.type, constant.data, [dim]);
    if (node.op === 'Add')
      return [builder.node('LayerNormalization', [x, scale, flat], norm.attributes)];
    if (isAll(view, scale, 1))
      return [builder.node('LayerNormalization', [x, flat, shift], norm.attributes)];
  }
  return undefined;
};

/** `x` of `x - mean(x)` over the last axis. */
function centred(view: GraphView, tensor: string | undefined): string | undefined {
  const difference = view.producerOf(tensor, 'Sub');
  const [x, mean] = difference?.inputs ?? [];
  return x !== undefined && isMeanOf(view, mean, x) ? x : undefined;
}

function isMeanOf(view: GraphView, mean: string | undefined, x: string): boolean {
  const node = view.producerOf(mean, 'ReduceMean');
  return node?.inputs[0] === x && overLastAxis(view, node);
}

/** `mean((x - mean(x))²)`, or `mean(x²) - mean(x)²`. */
function isVarianceOf(view: GraphView, tensor: string, x: string): boolean {
  const difference = view.producerOf(tensor, 'Sub');
  if (difference) {
    const [squares, square] = difference.inputs;
    return meanOfSquares(view, squares) === x && isMeanOf(view, squareBase(view, square), x);
  }
  const base = meanOfSquares(view, tensor);
  return base !== undefined && centred(view, base) === x;
}

function isAll(view: GraphView, tensor: string, value: number): boolean {
  return view.numbers(tensor)?.every((number) => number === value) ?? false;
}
