/**
 * Nodes that ONNX Runtime's offline optimiser for transformers fuses (files called “optimized”), as
 * what they stand for. Definitions: docs/ContribOperators.md of microsoft/onnxruntime.
 */
import { EngineError } from '../../engine-error';
import type { GraphNode } from '../graph';
import type { GraphBuilder } from '../graph-builder';
import type { GraphView } from '../graph-view';
import type { Rewrite } from '../rewrite';
import { asFloat32 } from '../tensor-bytes';

export const fusedAttention: Rewrite = (node, view, builder) => {
  switch (node.op) {
    case 'com.microsoft.Attention':
      return packedAttention(node, view, builder);
    case 'com.microsoft.MultiHeadAttention':
      return multiHeadAttention(node, view, builder);
    case 'com.microsoft.SkipLayerNormalization':
      return skipLayerNorm(node, builder);
    default:
      return undefined;
  }
};

/** Queries, keys and values from one product with a weight `[D, 3·D']` and a bias `[3·D']`. */
function packedAttention(node: GraphNode, view: GraphView, builder: GraphBuilder): string[] {
  const [input = '', weight = '', bias = ''] = node.inputs;
  refuseInputs(node, 3);
  const [batch = 1, tokens = 1, width = 1] = view.shape(input);
  const all = view.shape(weight)[1] ?? 0;
  if (node.attributes.qkv_hidden_sizes !== undefined) throw unsupported(node, 'unequal widths');
  // As a Gemm over rows, which is how every other projection of a canonical graph stands.
  const rows = builder.node('Reshape', [input, builder.ints([batch * tokens, width])]);
  const product = builder.node('Gemm', bias === '' ? [rows, weight] : [rows, weight, bias]);
  const projected = builder.node('Reshape', [product, builder.ints([batch, tokens, all])]);
  const sizes = builder.ints([all / 3, all / 3, all / 3]);
  const [query, key = '', value = ''] = builder.nodeWithOutputs(
    'Split',
    [projected, sizes],
    { axis: 2 },
    3,
  );
  return [attended(node, builder, query, key, value)];
}

/** Queries, keys and values `[1, T, D]`, with a bias `[3·D]` of all three. */
function multiHeadAttention(node: GraphNode, view: GraphView, builder: GraphBuilder): string[] {
  const [query = '', key = '', value = '', bias = ''] = node.inputs;
  refuseInputs(node, 4);
  if (key === '' || value === '' || view.shape(key).length !== 3)
    throw unsupported(node, 'packed queries, keys and values');
  if (bias === '') return [attended(node, builder, query, key, value)];
  const constant = view.constant(bias);
  if (!constant) throw unsupported(node, 'a bias that is computed');
  let start = 0;
  const [q = '', k = '', v = ''] = [query, key, value].map((tensor) => {
    const end = start + (view.shape(tensor).at(-1) ?? 0);
    const part = asFloat32(constant).slice(start, end);
    start = end;
    return builder.node('Add', [tensor, builder.floats(part)]);
  });
  return [attended(node, builder, q, k, v)];
}

/** `softmax(scale · Q Kᵀ) V` by heads, back in one row a token. */
function attended(
  node: GraphNode,
  builder: GraphBuilder,
  query: string,
  key: string,
  value: string,
): string {
  const heads = node.attributes.num_heads ?? 1;
  if (node.attributes.unidirectional) throw unsupported(node, 'a causal mask');
  const inHeads = (tensor: string) => {
    const [batch = 1, tokens = 1, width = 1] = builder.shapeOf(tensor);
    const shape = builder.ints([batch, tokens, heads, width / heads]);
    return builder.node('Transpose', [builder.node('Reshape', [tensor, shape])], {
      perm: [0, 2, 1, 3],
    });
  };
  const q = inHeads(query);
  const { scale = 0 } = node.attributes;
  const alpha = scale === 0 ? 1 / Math.sqrt(builder.shapeOf(q).at(-1) ?? 1) : scale;
  const scores = builder.node('com.microsoft.FusedMatMul', [q, inHeads(key)], {
    transA: 0,
    transB: 1,
    alpha,
  });
  const attention = builder.node('Softmax', [scores], { axis: -1 });
  const context = builder.node('MatMul', [attention, inHeads(value)]);
  const joined = builder.node('Transpose', [context], { perm: [0, 2, 1, 3] });
  const [batch = 1, tokens = 1] = builder.shapeOf(query);
  const width = builder.shapeOf(value).at(-1) ?? 1;
  return builder.node('Reshape', [joined, builder.ints([batch, tokens, width])]);
}

/** LayerNorm of a sum, which is given as well (output 3). */
function skipLayerNorm(node: GraphNode, builder: GraphBuilder): string[] {
  const [input = '', skip = '', scale = '', shift = '', bias = ''] = node.inputs;
  const biased = bias === '' ? input : builder.node('Add', [input, bias]);
  const sum = builder.node('Add', [biased, skip]);
  const beta = shift === '' ? builder.floats(new Float32Array(builder.sizeOf(scale))) : shift;
  const epsilon = node.attributes.epsilon ?? 1e-12;
  const norm = builder.node('LayerNormalization', [sum, scale, beta], { axis: -1, epsilon });
  return [norm, '', '', sum];
}

function refuseInputs(node: GraphNode, known: number): void {
  if (node.inputs.slice(known).some((input) => input !== ''))
    throw unsupported(node, 'a mask, a bias of the scores or a cache');
}

function unsupported(node: GraphNode, what: string): EngineError {
  return new EngineError(
    'model-unknown-op',
    `The fused node “${node.name}” (${node.op}) uses ${what}, which the engine does not explain.`,
    'Take the file of the same model that was not optimised for ONNX Runtime.',
  );
}
