/** From tokens to the features that a head reads. */
import { attend, byHead } from './attention';
import type { ForwardGraph } from './forward-graph';
import type { ForwardSizes } from './forward-sizes';
import { layerNorm, linear, mlp } from './layers';
import type { AttentionPoolWeights, VitWeights } from '../architecture/vit-weights';
import { readFloats } from '../checkpoint/tensor';

/** Features `[batch, width]` of tokens `[batch, tokens, dim]`. */
export function readOut(
  graph: ForwardGraph,
  tokens: string,
  { readout, activation }: VitWeights,
  sizes: ForwardSizes,
): { name: string; width: number } {
  const { dim } = sizes;
  switch (readout.kind) {
    case 'class-token':
      return { name: classToken(graph, tokens), width: dim };
    case 'patch-mean':
      return { name: patchMean(graph, tokens, sizes), width: dim };
    case 'class-token+patch-mean': {
      const both = [classToken(graph, tokens), patchMean(graph, tokens, sizes)];
      return { name: graph.node('readout', 'Concat', both, { axis: 1 }), width: 2 * dim };
    }
    case 'class+distillation':
      return { name: meanOf(graph, between(graph, tokens, 0, 2)), width: dim };
    case 'attention-pool': {
      const pooled = attentionPool(graph, tokens, readout.pool, activation, sizes);
      return { name: pooled, width: dim };
    }
  }
}

function classToken(graph: ForwardGraph, tokens: string): string {
  return graph.node('readout.class_token', 'Gather', [tokens, graph.ints(0)], { axis: 1 });
}

function patchMean(graph: ForwardGraph, tokens: string, sizes: ForwardSizes): string {
  const { prefix } = sizes;
  return meanOf(graph, prefix === 0 ? tokens : between(graph, tokens, prefix, sizes.tokens));
}

/** The tokens from `start` to before `end`. */
function between(graph: ForwardGraph, tokens: string, start: number, end: number): string {
  const range = [graph.ints([start]), graph.ints([end]), graph.ints([1])];
  return graph.node('readout.tokens', 'Slice', [tokens, ...range]);
}

function meanOf(graph: ForwardGraph, tokens: string): string {
  return graph.node('readout.mean', 'ReduceMean', [tokens, graph.ints([1])], { keepdims: 0 });
}

function attentionPool(
  graph: ForwardGraph,
  tokens: string,
  pool: AttentionPoolWeights,
  activation: VitWeights['activation'],
  sizes: ForwardSizes,
): string {
  const { dim } = sizes;
  const name = 'pool';
  const probe = graph.weight(`${name}.probe`, [1, 1, dim], () => readFloats(pool.probe));
  const query = linear(graph, `${name}.query`, probe, pool.query);
  const parts = {
    query: byHead(graph, query, { ...sizes, tokens: 1 }),
    key: byHead(graph, linear(graph, `${name}.key`, tokens, pool.key), sizes),
    value: byHead(graph, linear(graph, `${name}.value`, tokens, pool.value), sizes),
  };
  const joined = attend(graph, name, parts, 1, sizes);
  const attended = linear(graph, `${name}.projection`, joined, pool.projection);
  const normed = layerNorm(graph, `${name}.norm`, attended, pool.norm);
  const changed = mlp(graph, `${name}.mlp`, normed, pool.mlp, activation);
  const pooled = graph.node(`${name}.residual`, 'Add', [attended, changed]);
  return graph.node('readout.pooled', 'Squeeze', [pooled, graph.ints([1])]);
}
