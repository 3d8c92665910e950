/** The patch embedding, back to the pixels. */
import type { GraphNode } from '../../onnx/graph';
import type { Rule, Step } from '../rule';
import { classAxisPlaceholder } from '../tape';
import type { Tape } from '../tape';
import { numberAttribute, numbersAttribute } from './shapes';
import { uncovered } from './structure';

/** A gradient reaches the pixels through the transposed convolution. */
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
  const [, , kernelHeight = 1, kernelWidth = 1] = tape.shape(node.inputs[1] ?? '');
  const [strideHeight = 1, strideWidth = 1] = numbersAttribute(node, 'strides') ?? [];
  const [dim = 0, rows = 0, columns = 0] = tape.shape(node.outputs[0] ?? '').slice(1);
  requirePatches(step);
  const flat = tape.reshape(cotangent, [classAxisPlaceholder, dim, rows, columns]);
  const pixels = tape.node('ConvTranspose', [flat, weight], {
    kernel_shape: [kernelHeight, kernelWidth],
    strides: [strideHeight, strideWidth],
  });
  // Pixels that no patch covers (an input that the stride does not divide) get nothing.
  const covered = tape.shape(pixels).slice(2);
  const tall = tape.pad(pixels, 2, 0, height - (covered[0] ?? 0));
  const whole = tape.pad(tall, 3, 0, width - (covered[1] ?? 0));
  return tape.reshape(whole, [classAxisPlaceholder, 1, channels, height, width]);
}

function requirePatches(step: Step): void {
  const { node } = step;
  const padded = numbersAttribute(node, 'pads')?.some((pad) => pad !== 0) ?? false;
  const dilated = numbersAttribute(node, 'dilations')?.some((step) => step !== 1) ?? false;
  if (padded || dilated || numberAttribute(node, 'group', 1) !== 1)
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
