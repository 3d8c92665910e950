/** The `Attention` operator (opset 23) as the products and the softmax it stands for. */
import { EngineError } from '../../engine-error';
import type { GraphNode } from '../graph';
import type { Rewrite } from '../rewrite';

/** Definition: https://onnx.ai/onnx/operators/onnx__Attention.html, without cache and masks of rank 0. */
export const attentionOperator: Rewrite = (node, view, builder) => {
  if (node.op !== 'Attention') return undefined;
  const [query = '', key = '', value = '', mask = '', pastKey = '', pastValue = ''] = node.inputs;
  const {
    q_num_heads: heads = view.shape(query)[1] ?? 1,
    kv_num_heads: keyHeads = view.shape(key)[1] ?? 1,
    is_causal: isCausal,
    softcap,
    scale = 0,
  } = node.attributes;
  if (pastKey !== '' || pastValue !== '') throw unsupported(node, 'a key and value cache');
  if (isCausal) throw unsupported(node, 'a causal mask');
  if (softcap) throw unsupported(node, 'capped scores');
  if (heads !== keyHeads) throw unsupported(node, 'fewer key heads than query heads');

  const inHeads = (tensor: string) => {
    const dims = view.shape(tensor);
    if (dims.length === 4) return tensor;
    const [batch = 1, tokens = 1, width = 1] = dims;
    const shape = builder.ints([batch, tokens, heads, width / heads]);
    return builder.node('Transpose', [builder.node('Reshape', [tensor, shape])], {
      perm: [0, 2, 1, 3],
    });
  };
  const q = inHeads(query);
  const headDim = builder.shapeOf(q).at(-1) ?? 1;
  const alpha = scale === 0 ? 1 / Math.sqrt(headDim) : scale;
  const product = builder.node('com.microsoft.FusedMatMul', [q, inHeads(key)], {
    transA: 0,
    transB: 1,
    alpha,
  });
  const scores = mask === '' ? product : builder.node('Add', [product, mask]);
  const attention = builder.node('Softmax', [scores], { axis: -1 });
  const context = builder.node('MatMul', [attention, inHeads(value)]);
  if (view.shape(query).length === 4) return [context];
  const dims = view.shape(node.outputs[0] ?? '');
  const joined = builder.node('Transpose', [context], { perm: [0, 2, 1, 3] });
  return [builder.node('Reshape', [joined, builder.ints(dims)])];
};

function unsupported(node: GraphNode, what: string): EngineError {
  return new EngineError(
    'model-unknown-op',
    `The Attention “${node.name}” uses ${what}, which no image classifier needs and the engine does not explain.`,
    'Choose a Vision Transformer image classifier.',
  );
}
