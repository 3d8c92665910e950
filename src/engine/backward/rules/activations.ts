/** Gradients of element-wise functions. */
import { positiveAxis } from '../../ops/axes';
import type { Rule, Step } from '../rule';
import { rowwise, rowwiseButLast } from './shapes';
import { uncovered } from './structure';

/** Of a gate x·Φ(x): the true derivative, or Φ held fixed. */
export type Gate = 'differentiated' | 'detached';

/** A rule that multiplies by a factor of the forward values, computed once for all classes. */
function pointwise(name: string, factor: (step: Step) => string): Rule {
  return {
    rows: rowwise,
    apply(step) {
      const { tape } = step;
      // Two nodes of one kind may read the same tensor with different exponents or factors.
      const key = `${name}|${step.input(0)}|${step.node.outputs[0] ?? ''}`;
      const local = tape.once(key, () => factor(step));
      return [tape.mul(step.cotangent, local)];
    },
  };
}

/** Φ(x) = (1 + erf(x/√2)) / 2. */
function normalDistribution({ tape }: Step, x: string): string {
  const erf = tape.node('Erf', [tape.scale(x, Math.SQRT1_2)]);
  return tape.scale(tape.add(erf, tape.scalar(1)), 0.5);
}

export function gelu(gate: Gate): Rule {
  return pointwise(`gelu-${gate}`, (step) => {
    const { tape } = step;
    const x = step.input(0);
    const phi = tape.once(`phi|${x}`, () => normalDistribution(step, x));
    if (gate === 'detached') return phi;
    const density = tape.scale(
      tape.node('Exp', [tape.scale(tape.mul(x, x), -0.5)]),
      1 / Math.sqrt(2 * Math.PI),
    );
    return tape.add(phi, tape.mul(x, density));
  });
}

/** x · (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2. */
export function tanhGelu(gate: Gate): Rule {
  return pointwise(`tanh-gelu-${gate}`, (step) => {
    const { tape } = step;
    const x = step.input(0);
    const c = Math.sqrt(2 / Math.PI);
    const square = tape.mul(x, x);
    const inner = tape.scale(
      tape.mul(x, tape.add(tape.scale(square, 0.044715), tape.scalar(1))),
      c,
    );
    const tanh = tape.node('Tanh', [inner]);
    const phi = tape.scale(tape.add(tanh, tape.scalar(1)), 0.5);
    if (gate === 'detached') return phi;
    const slope = tape.sub(tape.scalar(1), tape.mul(tanh, tanh));
    const innerSlope = tape.add(tape.scale(square, 3 * 0.044715 * c), tape.scalar(c));
    return tape.add(phi, tape.scale(tape.mul(tape.mul(x, slope), innerSlope), 0.5));
  });
}

/** x · σ(αx), α = 1.702 unless the node says otherwise. */
export function quickGelu(gate: Gate): Rule {
  return pointwise(`quick-gelu-${gate}`, (step) => {
    const { tape, node } = step;
    const x = step.input(0);
    const alpha = node.attributes.alpha ?? 1.702;
    const scaled = tape.scale(x, alpha);
    const sigma = tape.node('Sigmoid', [scaled]);
    if (gate === 'detached') return sigma;
    const rest = tape.mul(scaled, tape.sub(tape.scalar(1), sigma));
    return tape.mul(sigma, tape.add(rest, tape.scalar(1)));
  });
}

export const relu = pointwise('relu', (step) => {
  const { tape } = step;
  return tape.node('Cast', [tape.node('Greater', [step.input(0), tape.scalar(0)])], { to: 1 });
});

export const sigmoid = pointwise('sigmoid', (step) => {
  const { tape } = step;
  const y = step.output();
  return tape.mul(y, tape.sub(tape.scalar(1), y));
});

export const tanh = pointwise('tanh', (step) => {
  const { tape } = step;
  const y = step.output();
  return tape.sub(tape.scalar(1), tape.mul(y, y));
});

/** x to a constant power. */
export const power = pointwise('power', (step) => {
  const { tape, node } = step;
  const [exponent = 1, another] = tape.numbers(node.inputs[1]) ?? [];
  if (another !== undefined) throw uncovered(step, 'it has several exponents');
  const lower = tape.node('Pow', [step.input(0), tape.scalar(exponent - 1)]);
  return tape.scale(lower, exponent);
});

export const squareRoot = pointwise('square-root', (step) =>
  step.tape.div(step.tape.scalar(0.5), step.output()),
);

/**
 * Under rules that treat norms apart: a root that only divides is a norm's deviation, however the norm is
 * written, and is held fixed. Any other root could be a part of a norm too; passing it like any function
 * would give another map than the same norm written in a known way.
 */
export const deviationRoot: Rule = {
  apply(step) {
    if (onlyDivides(step, step.node.outputs[0] ?? '')) return [];
    throw uncovered(step, 'it may belong to a norm that is written in a way that is not known');
  },
};

const guards: ReadonlySet<string> = new Set(['Add', 'Clip', 'Expand', 'Max', 'Reshape']);

/** True if a tensor is read as a divisor alone, perhaps guarded from zero or stretched. */
function onlyDivides(step: Step, tensor: string): boolean {
  const { tape } = step;
  return tape.readers(tensor).every(({ op, inputs, outputs: [output = ''] }) => {
    if (op === 'Div') return inputs[0] !== tensor && !tape.isConstant(inputs[0] ?? '');
    const guarded =
      guards.has(op) && inputs.every((name) => name === tensor || tape.isConstant(name));
    return guarded && onlyDivides(step, output);
  });
}

/** A = softmax(s): A ⊙ (g − Σ g A). */
export const softmax: Rule = {
  rows: rowwiseButLast,
  apply(step) {
    const { tape, node, cotangent } = step;
    const rank = step.shape(0).length;
    const axis = positiveAxis(node.attributes.axis ?? -1, rank) + 1;
    const weighted = tape.mul(cotangent, step.output());
    const total = tape.sum(weighted, [axis]);
    return [tape.sub(weighted, tape.mul(step.output(), total))];
  },
};
