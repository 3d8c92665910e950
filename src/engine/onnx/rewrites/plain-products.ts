/** FusedMatMul keeps only what it is needed for: transposed operands and a factor. */
import type { GraphBuilder } from '../graph-builder';
import type { Rewrite } from '../rewrite';

export const plainProducts: Rewrite = (node, view, builder) => {
  if (node.op !== 'com.microsoft.FusedMatMul') return undefined;
  const { transA, transB, alpha = 1, transBatchA, transBatchB } = node.attributes;
  const [a = '', b = ''] = node.inputs;
  const plain = !transA && !transB && alpha === 1;
  if (!plain && !transBatchA && !transBatchB) return undefined;
  const left = transBatchA ? batchMovedBack(builder, a, view.shape(a).length) : a;
  const right = transBatchB ? batchMovedBack(builder, b, view.shape(b).length) : b;
  if (plain) return [builder.node('MatMul', [left, right])];
  return [
    builder.node(node.op, [left, right], {
      transA: transA ? 1 : 0,
      transB: transB ? 1 : 0,
      alpha,
    }),
  ];
};

/** Spells out `transBatch`: the first axis goes behind the other batch axes. */
function batchMovedBack(builder: GraphBuilder, tensor: string, rank: number): string {
  const batch = Array.from({ length: rank - 2 }, (_, i) => i + 1);
  return builder.node('Transpose', [tensor], { perm: [...batch, 0, rank - 1] });
}
