/** Gradients of normalisations, with their deviation differentiated or held fixed. */
import { positiveAxis } from '../../ops/axes';
import type { Rule, Step } from '../rule';
import { rowwise, rowwiseButLast } from './shapes';
import { reducedAxes, keptAxes } from './sums';
import { uncovered } from './structure';
import { asFloat32 } from '../../onnx/tensor-bytes';

/** Whether the gradient goes through a normalisation's denominator. */
export type Deviation = 'differentiated' | 'detached';

/** The normalised input without scale and shift, and one over the deviation, of the same rows. */
function normalised(step: Step): { unit: string; inverse: string } {
  const { tape, node } = step;
  const x = step.input(0);
  const rank = step.shape(0).length;
  const axis = positiveAxis(node.attributes.axis ?? -1, rank);
  const dims = step.shape(0).slice(axis);
  const epsilon = node.attributes.epsilon ?? 1e-5;
  const ones = tape.floats(new Float32Array(dims.reduce((n, dim) => n * dim, 1)).fill(1), dims);
  const key = `normalised|${x}|${axis}|${epsilon}`;
  let inverse = '';
  const unit = tape.once(key, () => {
    const [y, , deviation = ''] = tape.builder.nodeWithOutputs(
      'LayerNormalization',
      [x, ones],
      { axis, epsilon },
      3,
    );
    inverse = tape.once(`${key}|inverse`, () => deviation);
    return y;
  });
  inverse = tape.once(`${key}|inverse`, () => inverse);
  return { unit, inverse };
}

/** Cotangent times the learned scale, of a norm over the features of single tokens. */
function scaled(step: Step): string {
  const { tape, node, cotangent } = step;
  const rank = step.shape(0).length;
  if (positiveAxis(node.attributes.axis ?? -1, rank) !== rank - 1)
    throw uncovered(step, 'it normalises over several axes at once');
  return tape.mul(cotangent, node.inputs[1] ?? '');
}

/** y = γ (x − μ) / σ + β. The mean stays differentiable in every rule set. */
export function layerNorm(deviation: Deviation): Rule {
  return {
    rows: rowwiseButLast,
    apply(step) {
      const { tape } = step;
      const g = scaled(step);
      const last = [step.shape(0).length];
      const { unit, inverse } = normalised(step);
      let centred = tape.sub(g, tape.mean(g, last));
      if (deviation === 'differentiated')
        centred = tape.sub(centred, tape.mul(unit, tape.mean(tape.mul(g, unit), last)));
      return [tape.mul(centred, inverse)];
    },
  };
}

/** y = γ x / rms(x). */
export function rmsNorm(deviation: Deviation): Rule {
  return {
    rows: rowwiseButLast,
    apply(step) {
      const { tape, node } = step;
      const g = scaled(step);
      const last = step.shape(0).length;
      const x = step.input(0);
      const epsilon = node.attributes.epsilon ?? 1e-5;
      const inverse = tape.once(`rms|${x}|${epsilon}`, () => {
        const square = tape.mean(tape.mul(x, x), [last - 1]);
        const root = tape.node('Sqrt', [tape.add(square, tape.scalar(epsilon))]);
        return tape.node('Reciprocal', [root]);
      });
      if (deviation === 'detached') return [tape.mul(g, inverse)];
      const unit = tape.mul(x, inverse);
      const along = tape.mean(tape.mul(g, unit), [last]);
      return [tape.mul(tape.sub(g, tape.mul(unit, along)), inverse)];
    },
  };
}

/** Inference-time batch norm is a constant scale per channel. */
export const batchNorm: Rule = {
  apply(step) {
    const { tape, node } = step;
    const [scale, , , variance] = node.inputs.slice(1).map((name) => {
      const constant = tape.builder.constantOf(name);
      return constant && asFloat32(constant);
    });
    if (!scale || !variance) throw uncovered(step, 'its statistics are not constant');
    const epsilon = node.attributes.epsilon ?? 1e-5;
    const factors = scale.map((value, i) => value / Math.sqrt((variance[i] ?? 0) + epsilon));
    const rest = step
      .shape(0)
      .slice(2)
      .map(() => 1);
    return [tape.mul(step.cotangent, tape.floats(factors, [factors.length, ...rest]))];
  },
};

/** y = |x|₂ along axes; detached it is a fixed divisor, like a deviation. */
export function l2Norm(deviation: Deviation): Rule {
  return {
    apply(step) {
      if (deviation === 'detached') return [];
      const { tape } = step;
      const axes = reducedAxes(step);
      const dims = step.shape(0).map((dim, i) => (axes.includes(i) ? 1 : dim));
      const norm = tape.reshape(step.output(), dims);
      return [tape.mul(keptAxes(step), tape.div(step.input(0), norm))];
    },
  };
}

/** A bound that guards a denominator from zero: transparent within its limits. */
export const clip: Rule = {
  rows: rowwise,
  apply(step) {
    const { tape, cotangent } = step;
    const inside = tape.node('Equal', [step.input(0), step.output()]);
    return [tape.node('Where', [inside, cotangent, tape.scalar(0)])];
  },
};
