/** Small questions about axes that several rules ask. */
import { sizeOf } from '../../onnx/tensor-bytes';
import type { Argument } from '../../ops/arguments';
import { integersOf } from '../../ops/catalogue';
import type { StepForm } from '../rule';
import type { Slice } from '../tape';

/** What a node is told beside its data: small integers. */
export function integers(
  { tape, node }: Pick<StepForm, 'tape' | 'node'>,
  argument: Argument,
): readonly number[] | undefined {
  return integersOf(node, argument, (tensor) => tape.numbers(tensor));
}

/** The axis of `to` that a reshape leaves as it is in `from`, or undefined if it is torn apart. */
export function axisThroughReshape(
  from: readonly number[],
  axis: number,
  to: readonly number[],
): number | undefined {
  const after = sizeOf(from.slice(axis + 1));
  const found = to.findIndex((dim, i) => dim === from[axis] && sizeOf(to.slice(i + 1)) === after);
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
