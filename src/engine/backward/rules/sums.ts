/** Gradients of sums, differences, scalings and means. */
import { sizeOf } from '../../onnx/tensor-bytes';
import { positiveAxis } from '../../ops/axes';
import type { Contributions, Rule, Step } from '../rule';
import { classAxisPlaceholder } from '../tape';
import { integers, rowwise } from './shapes';

export const add: Rule = {
  rows: rowwise,
  apply: (step) => [step.cotangent, step.cotangent],
};

export const subtract: Rule = {
  rows: rowwise,
  apply: ({ tape, cotangent, wanted }) => [
    cotangent,
    wanted(1) ? tape.node('Neg', [cotangent]) : undefined,
  ],
};

/** Multiplying or dividing by a constant. */
export const scale: Rule = {
  rows: rowwise,
  apply(step) {
    const { tape, node, cotangent } = step;
    const op = node.op === 'Div' ? 'Div' : 'Mul';
    return [0, 1].map((i) =>
      step.wanted(i) ? tape.node(op, [cotangent, step.input(1 - i)]) : undefined,
    );
  },
};

/** Product of two computed tensors, element by element; each side gets `share` of its gradient. */
export function multiply(share: number): Rule {
  return {
    rows: rowwise,
    apply(step) {
      const { tape, cotangent } = step;
      return [0, 1].map((i) =>
        step.wanted(i) ? tape.scale(tape.mul(cotangent, step.input(1 - i)), share) : undefined,
      );
    },
  };
}

export const divide: Rule = {
  rows: rowwise,
  apply(step) {
    const { tape, cotangent } = step;
    const quotient = tape.div(cotangent, step.input(1));
    return [
      step.wanted(0) ? quotient : undefined,
      step.wanted(1) ? tape.node('Neg', [tape.mul(quotient, step.output())]) : undefined,
    ];
  },
};

/** Axes that a reduction sums over, counted from the front. */
export function reducedAxes(step: Pick<Step, 'tape' | 'node' | 'shape'>): number[] {
  const rank = step.shape(0).length;
  const given = integers(step, 'axes');
  return given && given.length > 0
    ? given.map((axis) => positiveAxis(axis, rank))
    : step.shape(0).map((_, i) => i);
}

/** The cotangent of a reduction with the reduced axes back as ones. */
export function keptAxes(step: Step): string {
  const axes = reducedAxes(step);
  const dims = step.shape(0).map((dim, i) => (axes.includes(i) ? 1 : dim));
  return step.tape.reshape(step.cotangent, [classAxisPlaceholder, ...dims]);
}

/** The same cotangent for every element that was summed, times a factor. */
function spread(step: Step, factor: number): Contributions {
  const axes = reducedAxes(step);
  const dims = step.shape(0).map((dim, i) => (axes.includes(i) ? dim : 1));
  const factors = new Float32Array(sizeOf(dims)).fill(factor);
  return [step.tape.mul(keptAxes(step), step.tape.floats(factors, dims))];
}

/** The mean hands 1/n to each of its n elements: as gradient, and as relevance in the DINOv2 head. */
export const mean: Rule = {
  apply: (step) =>
    spread(step, 1 / sizeOf(reducedAxes(step).map((axis) => step.shape(0)[axis] ?? 1))),
};

export const sum: Rule = { apply: (step) => spread(step, 1) };

/** The largest element hands on everything, equal ones share it: as gradient, and as relevance. */
export const max: Rule = {
  apply(step) {
    const { tape } = step;
    const axes = reducedAxes(step);
    const dims = step.shape(0).map((dim, i) => (axes.includes(i) ? 1 : dim));
    const largest = tape.once(`largest|${step.output()}`, () => {
      const isLargest = tape.node('Equal', [step.input(0), tape.reshape(step.output(), dims)]);
      const mask = tape.node('Cast', [isLargest], { to: 1 });
      return tape.div(mask, tape.sum(mask, axes));
    });
    return [tape.mul(keptAxes(step), largest)];
  },
};
