/** Products whose sides stand the other way round (tokens in columns) get their usual order. */
import type { GraphNode } from '../graph';
import type { GraphBuilder } from '../graph-builder';
import type { GraphView } from '../graph-view';
import { positiveAxis } from '../../ops/axes';
import type { Rewrite } from '../rewrite';

const products = ['MatMul', 'com.microsoft.FusedMatMul'] as const;

/** A softmax over an axis that is not the last, between two Transposes. */
export const softmaxOverLast: Rewrite = (node, view, builder) => {
  if (node.op !== 'Softmax') return undefined;
  const [input = ''] = node.inputs;
  const rank = view.shape(input).length;
  const axis = positiveAxis(node.attributes.axis ?? -1, rank);
  if (axis === rank - 1) return undefined;
  const perm = Array.from({ length: rank }, (_, i) => i);
  [perm[axis], perm[rank - 1]] = [rank - 1, axis];
  const turned = builder.node('Transpose', [input], { perm });
  return [builder.node('Transpose', [builder.node('Softmax', [turned], { axis: -1 })], { perm })];
};

/**
 * `W x` of a constant matrix and columns of tokens is `(xᵀ Wᵀ)ᵀ`, and `v Aᵀ` of an attention matrix is
 * `(A vᵀ)ᵀ`: a linear map has its weight, and a weighted sum its values, on the right.
 */
export const turnedProducts: Rewrite = (node, view, builder) => {
  if (!products.some((op) => op === node.op)) return undefined;
  const [a = '', b = ''] = node.inputs;
  const weightLeft =
    view.constant(a) !== undefined && view.shape(a).length === 2 && !view.constant(b);
  if (!weightLeft && !isAttention(view, b)) return undefined;
  if (view.shape(b).length < 2) return undefined;
  const { alpha = 1, transA, transB } = node.attributes;
  const left = transB ? b : swapped(builder, b);
  const right = transA ? a : swapped(builder, a);
  const product =
    alpha === 1
      ? builder.node('MatMul', [left, right])
      : builder.node('com.microsoft.FusedMatMul', [left, right], { transA: 0, transB: 0, alpha });
  return [swapped(builder, product)];
};

/** `(a b)ᵀ` of two computed tensors (scores of queries and keys) is `bᵀ aᵀ`. */
export const transposedProducts: Rewrite = (node, view, builder) => {
  const [input = ''] = node.inputs;
  const product = view.producerOf(input, ...products);
  const [a = '', b = ''] = product?.inputs ?? [];
  if (!product || !swapsLast(node) || view.consumers(input).length > 1 || view.isOutput(input))
    return undefined;
  if (view.constant(a) || view.constant(b)) return undefined;
  if (view.shape(a).length !== view.shape(b).length) return undefined;
  const { alpha = 1, transA = 0, transB = 0 } = product.attributes;
  const attributes = { transA: transB === 0 ? 1 : 0, transB: transA === 0 ? 1 : 0, alpha };
  return [builder.node('com.microsoft.FusedMatMul', [b, a], attributes)];
};

/** A product that reads a Transpose transposed reads what is before it. */
export const untransposedSides: Rewrite = (node, view, builder) => {
  if (node.op !== 'com.microsoft.FusedMatMul') return undefined;
  const { transA = 0, transB = 0 } = node.attributes;
  const [a = '', b = ''] = node.inputs;
  const left = transA === 0 ? undefined : beforeSwap(view, a);
  const right = transB === 0 ? undefined : beforeSwap(view, b);
  if (left === undefined && right === undefined) return undefined;
  return [
    builder.node(node.op, [left ?? a, right ?? b], {
      ...node.attributes,
      transA: left === undefined ? transA : 0,
      transB: right === undefined ? transB : 0,
    }),
  ];
};

/** What a Transpose of the last two axes reads. */
function beforeSwap(view: GraphView, tensor: string): string | undefined {
  const node = view.producer(tensor);
  return node && swapsLast(node) ? node.inputs[0] : undefined;
}

function swapsLast({ op, attributes: { perm } }: GraphNode): boolean {
  if (op !== 'Transpose' || !perm) return false;
  const last = perm.length - 1;
  return perm.every((axis, i) => axis === (i === last ? last - 1 : i === last - 1 ? last : i));
}

/** True for a softmax over rows, as it stands or transposed. */
function isAttention(view: GraphView, tensor: string): boolean {
  const node: GraphNode | undefined = view.producer(tensor);
  if (node?.op === 'Transpose') return isAttention(view, node.inputs[0] ?? '');
  return node?.op === 'Softmax' && view.shape(tensor).length > 2;
}

function swapped(builder: GraphBuilder, tensor: string): string {
  const rank = builder.shapeOf(tensor).length;
  const perm = Array.from({ length: rank }, (_, i) => i);
  [perm[rank - 2], perm[rank - 1]] = [rank - 1, rank - 2];
  return builder.node('Transpose', [tensor], { perm });
}
