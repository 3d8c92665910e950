/** Multi-head attention as ONNX nodes. */
import type { ForwardGraph } from './forward-graph';
import { linear } from './layers';
import type { AttentionInput, LinearWeights } from '../architecture/vit-weights';

export interface AttentionSizes {
  readonly dim: number;
  readonly heads: number;
  readonly tokens: number;
}

/** Query, key and value by head, `[batch, heads, tokens, width]`. */
export interface AttentionParts {
  readonly query: string;
  readonly key: string;
  readonly value: string;
}

/** Self-attention of tokens `[batch, tokens, dim]`, with its projection. */
export function selfAttention(
  graph: ForwardGraph,
  name: string,
  x: string,
  weights: AttentionInput,
  projection: LinearWeights,
  sizes: AttentionSizes,
): string {
  const parts =
    'packed' in weights
      ? packedParts(graph, name, linear(graph, `${name}.qkv`, x, weights.packed), sizes)
      : {
          query: byHead(graph, linear(graph, `${name}.query`, x, weights.query), sizes),
          key: byHead(graph, linear(graph, `${name}.key`, x, weights.key), sizes),
          value: byHead(graph, linear(graph, `${name}.value`, x, weights.value), sizes),
        };
  return linear(
    graph,
    `${name}.projection`,
    attend(graph, name, parts, sizes.tokens, sizes),
    projection,
  );
}

/**
 * Σ softmax(q · k / √width) · v, heads joined: `[batch, rows, dim]`.
 * @param rows tokens that ask
 */
export function attend(
  graph: ForwardGraph,
  name: string,
  { query, key, value }: AttentionParts,
  rows: number,
  { dim, heads }: AttentionSizes,
): string {
  const keyAcross = graph.node(`${name}.key_across`, 'Transpose', [key], { perm: [0, 1, 3, 2] });
  const product = graph.node(`${name}.product`, 'MatMul', [query, keyAcross]);
  const scale = graph.scalar((dim / heads) ** -0.5);
  const scores = graph.node(`${name}.scores`, 'Mul', [product, scale]);
  const attention = graph.node(`${name}.softmax`, 'Softmax', [scores], { axis: -1 });
  const context = graph.node(`${name}.context`, 'MatMul', [attention, value]);
  const byToken = graph.node(`${name}.by_token`, 'Transpose', [context], { perm: [0, 2, 1, 3] });
  return graph.node(`${name}.joined`, 'Reshape', [byToken, graph.ints([0, rows, dim])]);
}

/** `[batch, rows, dim]` to `[batch, heads, rows, width]`. */
export function byHead(
  graph: ForwardGraph,
  x: string,
  { dim, heads, tokens }: AttentionSizes,
): string {
  const shape = graph.ints([0, tokens, heads, dim / heads]);
  const split = graph.node(`${x}.heads`, 'Reshape', [x, shape]);
  return graph.node(`${x}.by_head`, 'Transpose', [split], { perm: [0, 2, 1, 3] });
}

function packedParts(
  graph: ForwardGraph,
  name: string,
  packed: string,
  { dim, heads, tokens }: AttentionSizes,
): AttentionParts {
  const shape = graph.ints([0, tokens, 3, heads, dim / heads]);
  const split = graph.node(`${name}.heads`, 'Reshape', [packed, shape]);
  const byPart = graph.node(`${name}.by_part`, 'Transpose', [split], { perm: [2, 0, 3, 1, 4] });
  const [query = '', key = '', value = ''] = graph
    .split(`${name}.parts`, byPart, 0, [1, 1, 1])
    .map((part) => graph.node(`${part}.squeezed`, 'Squeeze', [part, graph.ints([0])]));
  return { query, key, value };
}
