/** A scalar factor behind a product becomes the factor of the product, however it was exported. */
import type { Rewrite } from '../rewrite';

export const scaledProducts: Rewrite = (node, view, builder) => {
  if (node.op !== 'Mul' && node.op !== 'Div') return undefined;
  for (const [i, input] of node.inputs.entries()) {
    const product = view.producerOf(input, 'MatMul', 'com.microsoft.FusedMatMul');
    const scalar = view.scalar(node.inputs[1 - i]);
    if (!product || scalar === undefined || (node.op === 'Div' && i === 1)) continue;
    if (view.isOutput(input) || view.consumers(input).length > 1) continue;
    if (view.shape(input).join() !== view.shape(node.outputs[0] ?? '').join()) continue;
    const { transA = 0, transB = 0, alpha = 1 } = product.attributes;
    return [
      builder.node('com.microsoft.FusedMatMul', product.inputs, {
        transA,
        transB,
        alpha: node.op === 'Mul' ? alpha * scalar : alpha / scalar,
      }),
    ];
  }
  return undefined;
};
