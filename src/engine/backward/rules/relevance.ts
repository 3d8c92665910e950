/**
 * Relevance as Chefer et al. propagate it (CVPR 2021, α = 1, β = 0), as in
 * mxz2013/ViT-explainability-approximated-LRP and hila-chefer/Transformer-Explainability.
 *
 * Every rule takes R `[K, ...z]` at its output and gives the relevance of its inputs.
 */
import { EngineError } from '../../engine-error';
import { TensorProto_DataType as DataType } from '../../onnx/onnx_pb';
import { asFloat32 } from '../../onnx/tensor-bytes';
import type { Rule, Step } from '../rule';
import type { Tape } from '../tape';
import { requirePatches, transposedConvolution, withoutBias } from './patch-convolution';
import { contributionsOf, operands, productSides, rowsOfLeft, weightOf } from './products';
import { rowwise, rowwiseButLast } from './shapes';
import { uncovered } from './structure';

/** Added to every denominator. */
const stabiliser = 1e-9;

/** Products over fewer terms than this may have no positive one by chance. */
const fewTerms = 64;

/**
 * 1 / (scale · b + shift), and 0 where b is 0: what safe division multiplies by. Forward values
 * only, so once for all classes. A Where would take twice the time of all this.
 */
function safeReciprocal(tape: Tape, b: string, scale = 1, shift = stabiliser): string {
  return tape.once(`reciprocal|${b}|${scale}|${shift}`, () => {
    const isZero = tape.node('Equal', [b, tape.scalar(0)]);
    const one = tape.node('Cast', [tape.node('Not', [isZero])], { to: DataType.FLOAT });
    return tape.div(one, tape.add(tape.scale(b, scale), tape.scalar(shift)));
  });
}

/** Normalisations, activations, softmax and scalings hand relevance on unchanged. */
export const unchanged: Rule = {
  rows: rowwise,
  apply: (step) => {
    // The first computed input is the signal; a second one (a denominator) gets nothing.
    const signal = step.node.inputs.findIndex((name) => !step.tape.isHeld(name));
    return step.node.inputs.map((_, i) => (i === signal ? step.cotangent : undefined));
  },
};

/**
 * z = x W: Z = x⁺W⁺ + x⁻W⁻, S = R / Z, R_x = x⁺ (S W⁺ᵀ) + x⁻ (S W⁻ᵀ).
 *
 * Computed with 2Z = |x||W| + xW, where xW is the forward result less its bias, and
 * R_x = x (S/2 Wᵀ) + |x| (S/2 |W|ᵀ): the same in exact arithmetic, at half the products.
 */
export const linear: Rule = {
  rows: rowwiseButLast,
  apply(step) {
    const { tape, node, cotangent } = step;
    const weight = weightOf(node);
    const x = step.input(0);
    const magnitude = tape.once(`abs|${x}`, () => tape.node('Abs', [x]));
    const weightMagnitude = tape.once(`abs|${weight.name}`, () => tape.node('Abs', [weight.name]));
    const denominator = tape.once(`2Z|${x}|${node.name}`, () => {
      const doubled = tape.linear(
        magnitude,
        weightMagnitude,
        weight.transposed,
        signedProduct(step),
      );
      const terms = step.shape(0).at(-1) ?? 1;
      if (terms >= fewTerms) return doubled;
      // Where no term is positive only rounding is left of 2Z; such an output passes nothing on.
      const absolute = tape.linear(magnitude, weightMagnitude, weight.transposed);
      const empty = tape.node('LessOrEqual', [doubled, tape.scale(absolute, 1e-6)]);
      return tape.node('Where', [empty, tape.scalar(Infinity), doubled]);
    });
    const s = tape.div(cotangent, denominator);
    const signed = tape.mul(x, tape.linear(s, weight.name, !weight.transposed));
    const unsigned = tape.mul(magnitude, tape.linear(s, weightMagnitude, !weight.transposed));
    return [tape.add(signed, unsigned)];
  },
};

/** xW, the forward result less its bias, plus twice the stabiliser. */
function signedProduct(step: Step): string {
  const { tape, node } = step;
  const { alpha } = weightOf(node);
  const product = tape.scale(step.output(), 1 / alpha);
  const bias = node.inputs[2];
  const constant = bias ? tape.builder.constantOf(bias) : undefined;
  if (!bias) return tape.add(product, tape.scalar(2 * stabiliser));
  if (!constant) return tape.add(tape.sub(product, bias), tape.scalar(2 * stabiliser));
  const shift = asFloat32(constant).map((value) => 2 * stabiliser - value / alpha);
  return tape.add(product, tape.floats(shift, constant.dims));
}

/** z = a · b of two computed tensors: R_a = a (R/z · bᵀ) / 2 and likewise b; z without its scale. */
export const product: Rule = {
  rows: rowsOfLeft,
  apply(step) {
    const { tape, cotangent } = step;
    const { alpha } = operands(step);
    // 1 / (2z/α + 2e-9): the half and the scale in one.
    const half = safeReciprocal(tape, step.output(), 2 / alpha, 2 * stabiliser);
    const s = tape.mul(cotangent, half);
    const a = step.input(0);
    const b = tape.value(step.node.inputs[1] ?? '');
    const [left, right] = productSides(step, s, { a, b });
    return contributionsOf([left && tape.mul(a, left), right && tape.mul(b, right)]);
  },
};

/** A product of two computed tensors, element by element, shares its relevance evenly. */
export const multiply: Rule = {
  rows: rowwise,
  apply({ tape, cotangent }) {
    const half = tape.scale(cotangent, 0.5);
    return [half, half];
  },
};

/**
 * z = a + b: a' = a R/z, b' = b R/z, then each side is rescaled to its share of ΣR by magnitude:
 * a' · [|Σa'| / (|Σa'| + |Σb'|) · ΣR] / Σa'. Sums run over everything but the class.
 */
export const add: Rule = {
  rows: rowwise,
  apply(step) {
    const { tape, cotangent } = step;
    const z = step.output();
    const s = tape.mul(cotangent, safeReciprocal(tape, z));
    const parts = [0, 1].map((i) => tape.mul(s, step.input(i)));
    const axes = tape
      .shape(cotangent)
      .slice(1)
      .map((_, i) => i + 1);
    const sums = parts.map((part) => tape.sum(part, axes));
    const magnitudes = sums.map((sum) => tape.node('Abs', [sum]));
    const [first = '', second = ''] = magnitudes;
    const total = tape.sum(cotangent, axes);
    const perMagnitude = quotient(tape, total, tape.add(first, second));
    return parts.map((part, i) => {
      if (!step.wanted(i)) return undefined;
      const wantedSum = tape.mul(magnitudes[i] ?? '', perMagnitude);
      return tape.mul(part, quotient(tape, wantedSum, sums[i] ?? ''));
    });
  },
};

/** a / (b + 1e-9), and 0 where b is 0, for sums that each class has its own of. */
function quotient(tape: Tape, a: string, b: string): string {
  const zero = tape.node('Equal', [b, tape.scalar(0)]);
  const ratio = tape.div(a, tape.add(b, tape.scalar(stabiliser)));
  return tape.node('Where', [zero, tape.scalar(0), ratio]);
}

/**
 * The patch convolution, z^B rule with the image's own bounds L = min(x), H = max(x):
 * Z = x∗W − L∗W⁺ − H∗W⁻ + 1e-9, S = R/Z, R_x = x (S∗ᵀW) − L (S∗ᵀW⁺) − H (S∗ᵀW⁻).
 */
export const convolution: Rule = {
  apply(step) {
    const { tape, node, cotangent } = step;
    requirePatches(step);
    // Its bounds are those of a picture; features of a stem or of a convolution inside a block have none.
    if (step.shape(0)[1] !== 3) throw uncovered(step, 'relevance has a rule for pixels only');
    const weight = node.inputs[1] ?? '';
    const x = step.input(0);
    const low = tape.node('ReduceMin', [x], { keepdims: 1 });
    const high = tape.node('ReduceMax', [x], { keepdims: 1 });
    const [positiveSums, negativeSums] = signedSums(tape, weight);
    const bounds = tape.add(tape.mul(low, positiveSums), tape.mul(high, negativeSums));
    const z = tape.add(tape.sub(withoutBias(tape, node), bounds), tape.scalar(stabiliser));
    const s = tape.div(cotangent, z);
    const positive = tape.node('Relu', [weight]);
    const negative = tape.sub(weight, positive);
    const through = (kernel: string) => transposedConvolution(step, s, kernel);
    const upper = tape.mul(low, through(positive));
    const lower = tape.mul(high, through(negative));
    return [tape.sub(tape.sub(tape.mul(x, through(weight)), upper), lower)];
  },
};

/** Sums of the positive and of the negative weights of every output channel, `[D, 1, 1]`. */
function signedSums(tape: Tape, weight: string): [string, string] {
  const constant = tape.builder.constantOf(weight);
  if (!constant) {
    throw new EngineError(
      'model-unknown-op',
      'The patch embedding’s kernel is computed, not constant, so its bounds cannot be told.',
      'Choose another method than full.',
    );
  }
  const values = asFloat32(constant);
  const dim = constant.dims[0] ?? 1;
  const each = values.length / dim;
  const positive = new Float32Array(dim);
  const negative = new Float32Array(dim);
  for (let channel = 0; channel < dim; channel++) {
    let up = 0;
    let down = 0;
    for (let i = channel * each; i < (channel + 1) * each; i++) {
      const value = values[i] ?? 0;
      if (value > 0) up += value;
      else down += value;
    }
    positive[channel] = up;
    negative[channel] = down;
  }
  return [tape.floats(positive, [dim, 1, 1]), tape.floats(negative, [dim, 1, 1])];
}
