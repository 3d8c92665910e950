/**
 * Operators that only move elements about: what flows back moves the other way, whatever it means.
 * Shared by gradients and relevance.
 */
import { EngineError } from '../../engine-error';
import { positiveAxis, sliceRange } from '../../ops/axes';
import type { Contribution, Rule, Step } from '../rule';
import { classAxisPlaceholder } from '../tape';
import type { Tape } from '../tape';
import { axisThroughReshape, integers } from './shapes';

/** Shape of an input with the class axis, with only the rows of a slice. */
function led(dims: readonly number[], axis?: number, length?: number): number[] {
  return [
    classAxisPlaceholder,
    ...dims.map((dim, i) => (i === axis && length !== undefined ? length : dim)),
  ];
}

function outputShape(step: Pick<Step, 'tape' | 'node'>): readonly number[] {
  return step.tape.shape(step.node.outputs[0] ?? '');
}

export const view: Rule = {
  rows: (step, slice) =>
    axisThroughReshape(outputShape(step), slice.axis, step.shape(0)) !== undefined,
  apply(step) {
    const { tape, cotangent, slice } = step;
    const dims = step.shape(0);
    if (!slice) return [tape.reshape(cotangent, led(dims))];
    const axis = axisThroughReshape(outputShape(step), slice.axis, dims) ?? 0;
    const name = tape.reshape(cotangent, led(dims, axis, slice.length));
    return [{ name, slice: { ...slice, axis } }];
  },
};

export const transpose: Rule = {
  rows: () => true,
  apply(step) {
    const { tape, node, cotangent, slice } = step;
    const rank = step.shape(0).length;
    const perm = node.attributes.perm ?? Array.from({ length: rank }, (_, i) => rank - 1 - i);
    const back = [0, ...perm.map((_, axis) => perm.indexOf(axis) + 1)];
    const name = tape.transpose(cotangent, back);
    return [slice ? { name, slice: { ...slice, axis: perm[slice.axis] ?? 0 } } : name];
  },
};

export const concat: Rule = {
  rows: (step, slice) =>
    slice.axis !== positiveAxis(step.node.attributes.axis ?? 0, outputShape(step).length),
  apply(step) {
    const { tape, node, cotangent } = step;
    const axis = positiveAxis(node.attributes.axis ?? 0, outputShape(step).length);
    let start = 0;
    return node.inputs.map((_, i) => {
      const length = step.shape(i)[axis] ?? 0;
      const from = start;
      start += length;
      return step.wanted(i) ? tape.slice(cotangent, axis + 1, from, length) : undefined;
    });
  },
};

export const split: Rule = {
  apply(step) {
    const { tape, node, cotangents } = step;
    const axis = positiveAxis(node.attributes.axis ?? 0, step.shape(0).length);
    let start = 0;
    const parts: Contribution[] = [];
    for (const [i, output] of node.outputs.entries()) {
      const length = tape.shape(output)[axis] ?? 0;
      const name = cotangents[i];
      if (name !== undefined) parts.push({ name, slice: { axis, start, length } });
      start += length;
    }
    return [parts];
  },
};

export const slice: Rule = {
  apply(step) {
    const { tape } = step;
    const dims = step.shape(0);
    const starts = integers(step, 'starts') ?? [];
    const ends = integers(step, 'ends') ?? [];
    const axes = integers(step, 'axes') ?? starts.map((_, i) => i);
    const steps = integers(step, 'steps') ?? starts.map(() => 1);
    let name = step.cotangent;
    for (const [i, axisGiven] of axes.entries()) {
      const axis = positiveAxis(axisGiven, dims.length);
      const size = dims[axis] ?? 0;
      const stride = steps[i] ?? 1;
      const rows = sliceRange(size, starts[i] ?? 0, ends[i] ?? 0, stride);
      const start = Math.min(...rows);
      const length = Math.max(...rows) - start + 1;
      if (stride < 0) name = reversed(tape, name, axis + 1, rows.length);
      if (length !== rows.length) name = spreadOut(tape, name, axis + 1, Math.abs(stride));
      if (axes.length === 1) return [{ name, slice: { axis, start, length } }];
      name = tape.pad(name, axis + 1, start, size - start - length);
    }
    return [name];
  },
};

/** An axis from back to front. */
function reversed(tape: Tape, name: string, axis: number, length: number): string {
  const places = Array.from({ length }, (_, i) => length - 1 - i);
  return tape.node('Gather', [name, tape.builder.ints(places)], { axis });
}

/** Zeros between the rows of an axis, so that they stand `stride` apart. */
function spreadOut(tape: Tape, name: string, axis: number, stride: number): string {
  const dims = tape.shape(name);
  const count = dims[axis] ?? 0;
  const [before, after] = [dims.slice(0, axis), dims.slice(axis + 1)];
  const apart = tape.pad(
    tape.reshape(name, [...before, count, 1, ...after]),
    axis + 1,
    0,
    stride - 1,
  );
  const joined = tape.reshape(apart, [...before, count * stride, ...after]);
  return tape.slice(joined, axis, 0, (count - 1) * stride + 1);
}

export const gather: Rule = {
  apply(step) {
    const { tape, node, cotangent } = step;
    const dims = step.shape(0);
    const axis = positiveAxis(node.attributes.axis ?? 0, dims.length);
    const size = dims[axis] ?? 0;
    const rows = integers(step, 'indices')?.map((row) => positiveAxis(row, size));
    const rank = tape.shape(node.inputs[1] ?? '').length;
    const first = rows?.[0];
    if (!rows || first === undefined || rank > 1)
      throw uncovered(step, 'the rows it picks are not constant');
    const consecutive = rows.every((row, i) => row === first + i);
    if (consecutive) {
      const name = tape.reshape(cotangent, led(dims, axis, rows.length));
      return [{ name, slice: { axis, start: first, length: rows.length } }];
    }
    return [
      rows.map((row, i) => ({
        name: tape.slice(cotangent, axis + 1, i, 1),
        slice: { axis, start: row, length: 1 },
      })),
    ];
  },
};

/** The walker sums over the stretched axes. */
export const expand: Rule = { apply: ({ cotangent }) => [cotangent] };

export function uncovered(step: Pick<Step, 'node'>, why: string): EngineError {
  return new EngineError(
    'model-unknown-op',
    `The operator ${step.node.op} (node “${step.node.name}”) has no backward rule in this form: ${why}.`,
    'Export the model with another exporter or opset, or report it with the model’s name.',
  );
}
