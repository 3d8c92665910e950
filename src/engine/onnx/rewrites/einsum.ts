/** Einsum of two operands as Transpose, Reshape and MatMul. */
import { EngineError } from '../../engine-error';
import { parseEinsum } from '../einsum-equation';
import type { GraphNode } from '../graph';
import type { GraphBuilder } from '../graph-builder';
import { sizeOf } from '../tensor-bytes';
import type { Rewrite } from '../rewrite';

/**
 * The letters of a product of two tensors are those of the batch (in both and in the result), those
 * summed over (in both only), and those of one side; with the axes in that order it is a MatMul.
 */
export const einsum: Rewrite = (node, view, builder) => {
  if (node.op !== 'Einsum') return undefined;
  const { equation } = node.attributes;
  const shapes = node.inputs.map((input) => view.shape(input));
  const parsed =
    equation === undefined
      ? undefined
      : parseEinsum(
          equation,
          shapes.map((dims) => dims.length),
        );
  if (!parsed) throw unsupported(node);
  const { operands, result } = parsed;
  const [first, second, third] = operands;
  if (third !== undefined || first === undefined || operands.some(repeats)) throw unsupported(node);
  if (second === undefined) {
    if (Array.from(first).sort().join() !== Array.from(result).sort().join())
      throw unsupported(node);
    return [permuted(builder, node.inputs[0] ?? '', first, result)];
  }

  const sizes = new Map<string, number>();
  for (const [i, term] of operands.entries()) {
    for (const [axis, letter] of Array.from(term).entries()) {
      const size = shapes[i]?.[axis] ?? 1;
      if ((sizes.get(letter) ?? size) !== size) throw unsupported(node);
      sizes.set(letter, size);
    }
  }
  const own = (term: string, other: string) =>
    Array.from(result)
      .filter((letter) => term.includes(letter) && !other.includes(letter))
      .join('');
  // The operand whose own letters come first in the result is the left one.
  const inOrder = firstPlace(result, own(first, second)) <= firstPlace(result, own(second, first));
  const [left, right] = inOrder ? [first, second] : [second, first];
  const [a = '', b = ''] = inOrder ? node.inputs : node.inputs.toReversed();
  const batch = Array.from(result)
    .filter((c) => left.includes(c) && right.includes(c))
    .join('');
  const summed = Array.from(left)
    .filter((c) => right.includes(c) && !result.includes(c))
    .join('');
  const rows = own(left, right);
  const columns = own(right, left);
  if (left.length !== batch.length + summed.length + rows.length) throw unsupported(node);
  if (right.length !== batch.length + summed.length + columns.length) throw unsupported(node);

  const dims = (letters: string) => Array.from(letters).map((letter) => sizes.get(letter) ?? 1);
  const shaped = (tensor: string, letters: string, groups: readonly string[], target: string) =>
    builder.node('Reshape', [
      permuted(builder, tensor, letters, target),
      builder.ints([...dims(batch), ...groups.map((group) => sizeOf(dims(group)))]),
    ]);
  const product = builder.node('MatMul', [
    shaped(a, left, [rows, summed], batch + rows + summed),
    shaped(b, right, [summed, columns], batch + summed + columns),
  ]);
  const full = builder.node('Reshape', [product, builder.ints(dims(batch + rows + columns))]);
  return [permuted(builder, full, batch + rows + columns, result)];
};

function permuted(builder: GraphBuilder, tensor: string, from: string, to: string): string {
  if (from === to) return tensor;
  return builder.node('Transpose', [tensor], { perm: Array.from(to).map((c) => from.indexOf(c)) });
}

function firstPlace(result: string, letters: string): number {
  return Math.min(result.length, ...Array.from(letters).map((letter) => result.indexOf(letter)));
}

function repeats(term: string): boolean {
  return new Set(term).size < term.length;
}

function unsupported(node: GraphNode): EngineError {
  const { equation } = node.attributes;
  return new EngineError(
    'model-unknown-op',
    `The Einsum “${node.name}” (${equation ?? 'no equation'}) is not a product of two tensors.`,
    'Export the model with plain matrix products, or report it with the model’s name.',
  );
}
