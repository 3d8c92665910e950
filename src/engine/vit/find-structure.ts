/** From a canonical graph to the parts of a Vision Transformer, by what the graph computes. */
import type { Graph } from '../onnx/graph';
import { sizeOf } from '../onnx/tensor-bytes';
import { GraphView } from '../onnx/graph-view';
import { inputNormalisation, wiringOf } from '../onnx/input-normalisation';
import { findAttentions } from './attention';
import type { Attention } from './attention';
import { findBlocks } from './blocks';
import { headInWords } from './head';
import { notAVit } from './not-a-vit';
import { countParallelMaps } from './parallel-maps';
import { findPatches } from './patches';
import { ancestors, readBeside } from './reach';
import { findReadout } from './readout';
import type { VitStructure } from './structure';
import type { Order } from './token-order';
import { followTokens, requireTokensInPlace } from './token-order';

/**
 * Finds blocks, patches, readout and head. Names of nodes and tensors are never looked at.
 * @param graph whose only output is one number a class, as `readOutput` leaves it
 * @throws EngineError `model-not-a-vit`, naming what was missing and where.
 */
export function findStructure(graph: Graph): VitStructure {
  const view = new GraphView(graph);
  const [image] = graph.inputs;
  const [, , height, width] = image?.dims ?? [];
  if (!image || height === undefined || width === undefined)
    throw notAVit('it takes no picture of shape [1, 3, height, width].');
  const logits = graph.outputs[0]?.name ?? '';
  const needed = ancestors(view, [logits]);
  const attentions = findAttentions(view, needed);
  if (attentions.length === 0)
    throw notAVit('it has no attention (no softmax over tokens that weighs their values).');
  const self = attentions.filter(({ queries, tokens }) => queries === tokens && tokens > 1);
  const pooling = attentions.filter(({ queries }) => queries === 1);
  const [first] = self;
  const other = attentions.find(
    (attention) => !self.includes(attention) && !pooling.includes(attention),
  );
  if (other || !first) {
    throw notAVit(
      `the attention at “${(other ?? attentions[0])?.nodeName ?? ''}” is no self-attention of the tokens.`,
    );
  }

  const blocks = findBlocks(view, self);
  const [firstBlock] = blocks;
  const lastBlock = blocks.at(-1);
  if (!firstBlock || !lastBlock) throw notAVit('it has no blocks.');
  const dims = checkStream(view, self, blocks.map((block) => block.input).concat(lastBlock.output));
  const orders = followTokens(view, firstBlock.input);
  requireTokensInPlace(view, blocks, orders);
  const patches = findPatches(view, image.name, firstBlock.input);
  const [rows, columns] = patches.grid;
  return {
    pixels: image.name,
    inputSize: [height, width],
    grey: inputNormalisation(wiringOf(graph), image.name)?.mean ?? [0, 0, 0],
    logits,
    classes: sizeOf(view.shape(logits)),
    patchNode: patches.node,
    patchSize: [Math.floor(height / rows), Math.floor(width / columns)],
    grid: patches.grid,
    tokens: dims.tokens,
    prefixTokens: patches.prefixTokens,
    dim: dims.dim,
    heads: first.heads,
    blocks,
    readout:
      pooled(view, pooling, lastBlock.output, logits, orders) ??
      findReadout(view, lastBlock.output, logits),
    parallelMaps: countParallelMaps(view),
    head: headInWords(view, lastBlock.output, logits),
  };
}

function checkStream(
  view: GraphView,
  self: readonly Attention[],
  stream: readonly string[],
): { tokens: number; dim: number } {
  const [batch, tokens, dim, ...rest] = view.shape(stream[0] ?? '');
  if (batch !== 1 || tokens === undefined || dim === undefined || rest.length > 0) {
    throw notAVit(
      `what enters its first block has the shape [${view.shape(stream[0] ?? '').join(', ')}], not [1, tokens, features].`,
    );
  }
  for (const [i, attention] of self.entries()) {
    if (attention.tokens === tokens) continue;
    throw notAVit(
      `the attention at “${attention.nodeName}” looks at ${attention.tokens} of ${tokens} tokens ` +
        `(block ${i + 1}): windowed and hierarchical transformers are not supported.`,
    );
  }
  for (const tensor of stream) {
    const dims = view.shape(tensor);
    if (dims.join() !== `1,${tokens},${dim}`) {
      throw notAVit(
        `the stream of tokens changes its shape from [1, ${tokens}, ${dim}] to [${dims.join(', ')}] at “${tensor}”.`,
      );
    }
  }
  return { tokens, dim };
}

function pooled(
  view: GraphView,
  pooling: readonly Attention[],
  stream: string,
  logits: string,
  orders: ReadonlyMap<string, Order>,
): VitStructure['readout'] | undefined {
  const [pool, second] = pooling;
  if (second) throw notAVit(`it pools its tokens more than once (“${second.nodeName}”).`);
  if (!pool) return undefined;
  // Tokens that go round the pooling (a class token that attends to the others) would be left out.
  const beside = readBeside(view, pool.context, [stream], logits);
  if (beside) {
    throw notAVit(
      `its head reads tokens beside what the pooling at “${pool.nodeName}” gives (${beside.op} “${beside.name}”).`,
    );
  }
  const [, tokens = 0] = view.shape(stream);
  const read = orders.get(pool.value)?.tokens;
  const start = read?.[0] ?? 0;
  const inOrder = read?.length === pool.tokens && read.every((token, i) => token === start + i);
  if (pool.tokens !== tokens && !inOrder) {
    throw notAVit(
      `the pooling at “${pool.nodeName}” looks at ${pool.tokens} of ${tokens} tokens only.`,
    );
  }
  return { kind: 'attention-pool', attention: pool.attention, firstToken: inOrder ? start : 0 };
}
