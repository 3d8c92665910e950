/** From weights in our own order to a plain forward graph, with a free batch dimension. */
import { selfAttention } from './attention';
import { embed } from './embed';
import { ForwardGraph } from './forward-graph';
import type { ForwardPort } from './forward-graph';
import type { ForwardSizes } from './forward-sizes';
import { layerNorm, linear, mlp, vectorLinear, weight } from './layers';
import { readOut } from './readout';
import type {
  BlockWeights,
  HeadWeights,
  LinearWeights,
  VitWeights,
} from '../architecture/vit-weights';
import type { CheckpointTensor } from '../checkpoint/tensor';

export interface ForwardModel {
  readonly graph: ForwardGraph;
  /** `pixel_values`, `[batch, 3, height, width]`. */
  readonly input: ForwardPort;
  /** `logits`, `[batch, classes]`, or `features`, `[batch, width]`. */
  readonly output: ForwardPort;
  /** Classes or features. */
  readonly width: number;
}

/**
 * @param inputSize height and width, multiples of the patch size
 * @param head reads the features; without one the graph gives the features themselves
 */
export function buildForward(
  weights: VitWeights,
  inputSize: readonly [number, number],
  head: HeadWeights | undefined,
): ForwardModel {
  const graph = new ForwardGraph();
  const input: ForwardPort = { name: 'pixel_values', dims: ['batch', 3, ...inputSize] };
  const { tokens, sizes } = embed(graph, weights, input.name, inputSize);
  let x = tokens;
  for (const [i, block] of weights.blocks.entries())
    x = addBlock(graph, `blocks.${i}`, x, block, weights, sizes);
  if (weights.tokenNorm) x = layerNorm(graph, 'norm', x, weights.tokenNorm);
  if (head?.distillation) {
    distilledLogits(graph, x, head.linear, head.distillation);
    return finished(graph, input, 'logits', head.linear.weight.dims[0] ?? 0);
  }
  let { name: features, width } = readOut(graph, x, weights, sizes);
  if (weights.readoutNorm)
    features = layerNorm(graph, 'readout_norm', features, weights.readoutNorm);
  if (weights.projection) {
    features = linear(graph, 'readout_projection', features, weights.projection);
    width = weights.projection.weight.dims[0] ?? 0;
  }
  if (head) {
    logits(graph, features, width, head);
    return finished(graph, input, 'logits', head.linear.weight.dims[0] ?? 0);
  }
  graph.node('features', 'Identity', [features]);
  return finished(graph, input, 'features', width);
}

function finished(
  graph: ForwardGraph,
  input: ForwardPort,
  name: string,
  width: number,
): ForwardModel {
  return { graph, input, output: { name, dims: ['batch', width] }, width };
}

/** x + scale · attention(norm(x)), then x + scale · mlp(norm(x)). */
function addBlock(
  graph: ForwardGraph,
  name: string,
  x: string,
  block: BlockWeights,
  { activation }: VitWeights,
  sizes: ForwardSizes,
): string {
  const scaled = (branch: string, value: string, scale: CheckpointTensor | undefined) =>
    scale === undefined
      ? value
      : graph.node(`${branch}.scaled`, 'Mul', [
          value,
          weight(graph, `${branch}.layer_scale`, scale),
        ]);
  const { attention, projection } = block;
  const normed = layerNorm(graph, `${name}.norm1`, x, block.attentionNorm);
  const attended = selfAttention(graph, `${name}.attention`, normed, attention, projection, sizes);
  const between = graph.node(`${name}.attention.residual`, 'Add', [
    x,
    scaled(`${name}.attention`, attended, block.attentionScale),
  ]);
  const normedAgain = layerNorm(graph, `${name}.norm2`, between, block.mlpNorm);
  const changed = mlp(graph, `${name}.mlp`, normedAgain, block.mlp, activation);
  return graph.node(`${name}.mlp.residual`, 'Add', [
    between,
    scaled(`${name}.mlp`, changed, block.mlpScale),
  ]);
}

function logits(
  graph: ForwardGraph,
  features: string,
  width: number,
  { standardisation, linear: classifier }: HeadWeights,
): void {
  const standardised = standardisation
    ? graph.node(
        'head.standardised',
        'BatchNormalization',
        [
          features,
          graph.filled(1, width),
          graph.filled(0, width),
          weight(graph, 'head.mean', standardisation.mean),
          weight(graph, 'head.variance', standardisation.variance),
        ],
        { epsilon: standardisation.epsilon },
      )
    : features;
  vectorLinear(graph, 'logits', standardised, classifier);
}

/** The mean of what both heads say, each of its own token (timm's VisionTransformerDistilled). */
function distilledLogits(
  graph: ForwardGraph,
  tokens: string,
  classifier: LinearWeights,
  distillation: LinearWeights,
): void {
  const both = [classifier, distillation].map((head, row) => {
    const token = graph.node(`readout.${row}`, 'Gather', [tokens, graph.ints(row)], { axis: 1 });
    return vectorLinear(graph, `head.${row}`, token, head);
  });
  const sum = graph.node('head.sum', 'Add', both);
  graph.node('logits', 'Mul', [sum, graph.scalar(0.5)]);
}
