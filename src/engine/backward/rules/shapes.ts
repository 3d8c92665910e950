/** Small questions about axes that several rules ask. */
import type { GraphNode } from '../../onnx/graph';
import type { StepForm } from '../rule';
import type { Slice, Tape } from '../tape';

export function numberAttribute(node: GraphNode, name: string, otherwise: number): number {
  const value = node.attributes[name];
  return typeof value === 'number' ? value : otherwise;
}

export function numbersAttribute(node: GraphNode, name: string): readonly number[] | undefined {
  const value = node.attributes[name];
  return Array.isArray(value) ? value.map(Number) : undefined;
}

/** Small integers from an input, or from the attribute that older opsets have instead. */
export function numbersOf(
  tape: Tape,
  node: GraphNode,
  input: number,
  attribute: string,
): readonly number[] | undefined {
  return tape.numbers(node.inputs[input]) ?? numbersAttribute(node, attribute);
}

/** An axis counted from the front. */
export function fromFront(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}

export function product(dims: readonly number[]): number {
  return dims.reduce((total, dim) => total * dim, 1);
}

/** The axis of `to` that a reshape leaves as it is in `from`, or undefined if it is torn apart. */
export function axisThroughReshape(
  from: readonly number[],
  axis: number,
  to: readonly number[],
): number | undefined {
  const after = product(from.slice(axis + 1));
  const found = to.findIndex((dim, i) => dim === from[axis] && product(to.slice(i + 1)) === after);
  return found < 0 ? undefined : found;
}

/** Every input that is asked for has the output's rank and, on the sliced axis, its size. */
export function rowwise(step: StepForm, slice: Slice): boolean {
  const out = step.tape.shape(step.node.outputs[0] ?? '');
  return step.node.inputs.every((_, i) => {
    if (!step.wanted(i)) return true;
    const dims = step.shape(i);
    return dims.length === out.length && dims[slice.axis] === out[slice.axis];
  });
}

/** `rowwise`, for operators that mix along the last axis. */
export function rowwiseButLast(step: StepForm, slice: Slice): boolean {
  const rank = step.tape.shape(step.node.outputs[0] ?? '').length;
  return slice.axis < rank - 1 && rowwise(step, slice);
}
