/** Two Transposes in a row become one, or none; of a constant, its transposed copy. */
import type { Constant } from '../constant';
import type { GraphNode } from '../graph';
import { elementSize } from '../tensor-bytes';
import type { Rewrite } from '../rewrite';

export const mergeTransposes: Rewrite = (node, view, builder) => {
  if (node.op !== 'Transpose') return undefined;
  const [input = ''] = node.inputs;
  const dims = view.shape(input);
  const order = orderOf(node, dims.length);
  if (order.every((axis, i) => axis === i)) return [input];
  const constant = view.constant(input);
  if (constant) {
    const shape = order.map((axis) => dims[axis] ?? 1);
    return [builder.constant(constant.type, transposedBytes(constant, order), shape)];
  }
  const inner = view.producerOf(input, 'Transpose');
  if (!inner) return undefined;
  const [source = ''] = inner.inputs;
  const first = orderOf(inner, dims.length);
  const composed = order.map((axis) => first[axis] ?? axis);
  if (composed.every((axis, i) => axis === i)) return [source];
  return [builder.node('Transpose', [source], { perm: composed })];
};

function orderOf({ attributes: { perm } }: GraphNode, rank: number): readonly number[] {
  return perm ?? Array.from({ length: rank }, (_, i) => rank - 1 - i);
}

function transposedBytes(constant: Constant, order: readonly number[]): Uint8Array {
  const { dims, data, type } = constant;
  const size = elementSize[type];
  const strides = dims.map((_, i) => dims.slice(i + 1).reduce((a, b) => a * b, 1));
  const result = new Uint8Array(data.byteLength);
  const position = order.map(() => 0);
  for (let at = 0; at < result.byteLength; at += size) {
    const from = position.reduce((sum, p, i) => sum + p * (strides[order[i] ?? 0] ?? 0), 0) * size;
    result.set(data.subarray(from, from + size), at);
    for (let i = order.length - 1; i >= 0; i--) {
      position[i] = (position[i] ?? 0) + 1;
      if ((position[i] ?? 0) < (dims[order[i] ?? 0] ?? 0)) break;
      position[i] = 0;
    }
  }
  return result;
}
