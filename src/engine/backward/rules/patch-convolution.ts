/** Convolutions (the patch embedding first of all), back to what they read. */
import type { GraphNode } from '../../onnx/graph';
import type { Rule, Step } from '../rule';
import { classAxisPlaceholder } from '../tape';
import type { Tape } from '../tape';
import { uncovered } from './structure';

/** A gradient goes back through the transposed convolution. */
export const convolution: Rule = {
  apply(step) {
    const weight = step.node.inputs[1] ?? '';
    return [transposedConvolution(step, step.cotangent, weight)];
  },
};

/**
 * The transposed convolution of `[K, 1, D, gh, gw]` with a kernel of the convolution's own shape:
 * `[K, 1, C, H, W]`.
 */
export function transposedConvolution(step: Step, cotangent: string, weight: string): string {
  const { tape, node } = step;
  const [, channels = 3, height = 0, width = 0] = step.shape(0);
  const [dim = 0, rows = 0, columns = 0, ...rest] = tape.shape(node.outputs[0] ?? '').slice(1);
  const automatic = node.attributes.auto_pad;
  if (rest.length > 0 || columns === 0 || (automatic !== undefined && automatic !== 'NOTSET')) {
    throw uncovered(
      step,
      'only a convolution over a picture with its padding written out is covered',
    );
  }
  const flat = tape.reshape(cotangent, [classAxisPlaceholder, dim, rows, columns]);
  const pixels = tape.node('ConvTranspose', [flat, weight], {
    kernel_shape: tape.shape(node.inputs[1] ?? '').slice(2),
    strides: node.attributes.strides ?? [1, 1],
    dilations: node.attributes.dilations ?? [1, 1],
    group: node.attributes.group ?? 1,
  });
  const [top = 0, left = 0] = node.attributes.pads ?? [];
  const whole = placed(tape, placed(tape, pixels, 2, top, height), 3, left, width);
  return tape.reshape(whole, [classAxisPlaceholder, 1, channels, height, width]);
}

/**
 * Of an axis, the places behind the padding. Places that no patch covers (an input that the stride does not
 * divide) get nothing.
 */
function placed(tape: Tape, name: string, axis: number, padding: number, size: number): string {
  const length = Math.min(size, (tape.shape(name)[axis] ?? 0) - padding);
  return tape.pad(tape.slice(name, axis, padding, length), axis, 0, size - length);
}

/** For rules that count every element of a kernel at every patch. */
export function requirePatches(step: Step): void {
  const { node } = step;
  const padded = node.attributes.pads?.some((pad) => pad !== 0) ?? false;
  const dilated = node.attributes.dilations?.some((step) => step !== 1) ?? false;
  if (padded || dilated || (node.attributes.group ?? 1) !== 1)
    throw uncovered(step, 'only a plain convolution over patches is covered');
}

/** The convolution's result less its bias, `[1, D, gh, gw]`. */
export function withoutBias(tape: Tape, node: GraphNode): string {
  const output = tape.value(node.outputs[0] ?? '');
  const bias = node.inputs[2];
  if (bias === undefined || bias === '') return output;
  const dim = tape.shape(bias)[0] ?? 1;
  return tape.sub(output, tape.reshape(bias, [dim, 1, 1]));
}
