/** From pixels to tokens with their positions. */
import type { ForwardGraph } from './forward-graph';
import type { ForwardSizes } from './forward-sizes';
import { layerNorm, weight } from './layers';
import type { PositionEmbedding, VitWeights } from '../architecture/vit-weights';
import { readFloats, rows } from '../checkpoint/tensor';
import type { CheckpointTensor } from '../checkpoint/tensor';
import { resizePositionEmbedding } from '../resize-position-embedding';

/** Tokens `[batch, tokens, dim]` as they enter the first block. */
export function embed(
  graph: ForwardGraph,
  weights: VitWeights,
  pixels: string,
  [height, width]: readonly [number, number],
): { tokens: string; sizes: ForwardSizes } {
  const [dim = 0, , patchHeight = 1, patchWidth = 1] = weights.patch.weight.dims;
  const grid = [height / patchHeight, width / patchWidth] as const;
  const patches = grid[0] * grid[1];
  const { positionedTokens, registers, position } = weights;
  const positioned = countRows(positionedTokens);
  const prefix = positioned + countRows(registers ? [registers] : []);

  const map = embedPatches(graph, weights.patch, pixels, [patchHeight, patchWidth]);
  const flat = graph.node('patch.flat', 'Reshape', [map, graph.ints([0, dim, patches])]);
  let x = graph.node('patch.tokens', 'Transpose', [flat], { perm: [0, 2, 1] });
  const batch = graph.node('batch', 'Shape', [pixels], { start: 0, end: 1 });
  const places = graph.weight('position', [1, position.prefix + patches, dim], () =>
    positionValues(position, dim, grid),
  );
  if (position.prefix === 0) {
    // Positions belong to the patches alone; the other tokens are put before them.
    x = graph.node('positioned', 'Add', [x, places]);
    x = putBefore(graph, batch, 'prefix', [...positionedTokens, ...only(registers)], [], x);
  } else {
    x = putBefore(graph, batch, 'prefix', positionedTokens, [], x);
    x = graph.node('positioned', 'Add', [x, places]);
    if (registers) {
      const [first = '', rest = ''] = graph.split('around_registers', x, 1, [positioned, patches]);
      x = putBefore(graph, batch, 'registers', [registers], [first], rest);
    }
  }
  if (weights.embeddingNorm) x = layerNorm(graph, 'embedding_norm', x, weights.embeddingNorm);
  return { tokens: x, sizes: { dim, heads: weights.heads, tokens: prefix + patches, prefix } };
}

/** Patch vectors as a map, `[batch, dim, rows, columns]`. */
function embedPatches(
  graph: ForwardGraph,
  patch: VitWeights['patch'],
  pixels: string,
  size: readonly [number, number],
): string {
  const inputs = [pixels, weight(graph, 'patch.weight', patch.weight)];
  if (patch.bias) inputs.push(weight(graph, 'patch.bias', patch.bias));
  return graph.node('patch.map', 'Conv', inputs, { kernel_shape: size, strides: size });
}

/** Learned tokens, one copy an image, between `before` and `after`. */
function putBefore(
  graph: ForwardGraph,
  batch: string,
  name: string,
  tokens: readonly CheckpointTensor[],
  before: readonly string[],
  after: string,
): string {
  if (tokens.length === 0) return after;
  const copies = tokens.map((token, i) => {
    const [count = 0, dim = 0] = token.dims;
    const values = graph.weight(`${name}.${i}.values`, [1, count, dim], () => readFloats(token));
    const shape = graph.node(`${name}.${i}.shape`, 'Concat', [batch, graph.ints([count, dim])], {
      axis: 0,
    });
    return graph.node(`${name}.${i}`, 'Expand', [values, shape]);
  });
  return graph.node(`${name}.joined`, 'Concat', [...before, ...copies, after], { axis: 1 });
}

/** The position embedding on this grid of patches, `[prefix + rows · columns, dim]`. */
async function positionValues(
  { tensor, prefix, grid, resize }: PositionEmbedding,
  dim: number,
  target: readonly [number, number],
): Promise<Float32Array> {
  if (grid[0] === target[0] && grid[1] === target[1]) return readFloats(tensor);
  const patches = await readFloats(rows(tensor, prefix, grid[0] * grid[1]));
  const resized = resizePositionEmbedding(patches, dim, grid, target, resize);
  const all = new Float32Array(prefix * dim + resized.length);
  all.set(await readFloats(rows(tensor, 0, prefix)));
  all.set(resized, prefix * dim);
  return all;
}

function countRows(tokens: readonly CheckpointTensor[]): number {
  return tokens.reduce((sum, token) => sum + (token.dims[0] ?? 0), 0);
}

function only(tensor: CheckpointTensor | undefined): readonly CheckpointTensor[] {
  return tensor ? [tensor] : [];
}
