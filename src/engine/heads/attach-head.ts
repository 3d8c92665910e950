import { EngineError } from '../engine-error';
import { buildGraph } from '../onnx/build-graph';
import { encodeGraph } from '../onnx/encode-graph';
import type { Constant } from '../onnx/constant';
import type { Graph, GraphNode } from '../onnx/graph';
import { GraphView } from '../onnx/graph-view';
import { floatBytes, int64Bytes } from '../onnx/tensor-bytes';
import { headInput } from './head-input';
import type { LinearHead } from './softmax-regression';
import { standardisationEpsilon, type Standardisation } from './standardisation';

/** The features that a head reads, and the graph that ends in them. */
export interface Backbone {
  readonly graph: Graph;
  /** Tensor of shape `[1, F]`. */
  readonly features: string;
  /** F. */
  readonly dim: number;
}

/**
 * A canonical model without its head: its only output is the readout. Of a backbone that gives all
 * its tokens `[1, T, F]`, that is the first one (CLS) where there are more tokens than patches, and
 * else their mean.
 *
 * @param ends in what the graph ends; `features` where it is known to have no head.
 * @throws EngineError `model-not-a-vit` when the readout is not one vector a picture.
 */
export function backboneOf(graph: Graph, ends: 'logits' | 'features' = 'logits'): Backbone {
  const output = graph.outputs[0]?.name ?? '';
  const found = ends === 'features' ? output : headInput(new GraphView(graph), output);
  const { nodes, constants, features, dims } = oneVector(graph, found);
  const dim = dims.at(-1) ?? 0;
  if (dims.length !== 2 || dims[0] !== 1 || dim === 0) {
    throw new EngineError(
      'model-not-a-vit',
      `The readout of this model has the shape [${dims.join(', ')}], but a probe needs one vector a picture, [1, features].`,
      'Export the backbone so that it gives its CLS token or the mean of its patches.',
    );
  }
  return {
    graph: buildGraph({
      ...graph,
      nodes,
      constants,
      outputs: [{ name: features, type: 'float32', dims }],
    }),
    features,
    dim,
  };
}

/** The graph's parts, with all tokens `[1, T, F]` made one vector `[1, F]`. */
function oneVector(graph: Graph, tokens: string) {
  const { nodes, constants } = graph;
  const dims = graph.shapes.get(tokens) ?? [];
  const [batch, count = 0, dim = 0] = dims;
  if (dims.length !== 3 || batch !== 1) return { nodes, constants, features: tokens, dims };
  const grid = nodes.find(({ op }) => op === 'Conv')?.outputs[0];
  const patches = graph.shapes
    .get(grid ?? '')
    ?.slice(2)
    .reduce((a, b) => a * b, 1);
  const takesFirst = patches !== undefined && count > patches;
  const index: Constant = {
    name: 'probe/index',
    type: 'int64',
    // A scalar takes the axis away; a list of axes is one-dimensional.
    dims: takesFirst ? [] : [1],
    data: int64Bytes([takesFirst ? 0 : 1]),
  };
  const pooled: GraphNode = {
    name: 'probe/readout',
    op: takesFirst ? 'Gather' : 'ReduceMean',
    inputs: [tokens, index.name],
    outputs: ['probe/features'],
    attributes: takesFirst ? { axis: 1 } : { keepdims: 0 },
  };
  return {
    nodes: [...nodes, pooled],
    constants: new Map(constants).set(index.name, index),
    features: 'probe/features',
    dims: [1, dim],
  };
}

/**
 * The backbone with a probe behind it, as an ONNX model that gives `logits`: standardisation as a
 * BatchNormalization without affine part (MAE's protocol), then a linear layer. Attribution methods
 * then treat it as they treat the heads of the original MAE and CLIP probes.
 *
 * @param weights `beside` refers to the file of weights that the backbone's graph came with: the
 * bytes must then be written into the same folder.
 */
export function attachHead(
  { graph, features, dim }: Backbone,
  standardisation: Standardisation,
  head: LinearHead,
  weights: 'inside' | 'beside' = 'inside',
): Uint8Array {
  // The readout of a bare backbone may itself be called `logits`.
  const readout = features === 'logits' ? 'readout' : features;
  const constants = new Map(graph.constants);
  const constant = (name: string, values: Float32Array, dims: readonly number[]) => {
    const full = `probe/${name}`;
    const tensor: Constant = { name: full, type: 'float32', dims, data: floatBytes(values) };
    constants.set(full, tensor);
    return full;
  };
  const standardised: GraphNode = {
    name: 'probe/standardisation',
    op: 'BatchNormalization',
    inputs: [
      readout,
      constant('scale', new Float32Array(dim).fill(1), [dim]),
      constant('shift', new Float32Array(dim), [dim]),
      constant('mean', standardisation.mean, [dim]),
      constant('variance', standardisation.variance, [dim]),
    ],
    outputs: ['probe/standardised'],
    attributes: { epsilon: standardisationEpsilon },
  };
  const linear: GraphNode = {
    name: 'probe/linear',
    op: 'Gemm',
    inputs: [
      'probe/standardised',
      constant('weight', head.weight, [head.classes, dim]),
      constant('bias', head.bias, [head.classes]),
    ],
    outputs: ['logits'],
    attributes: { transB: 1 },
  };
  return encodeGraph(
    buildGraph({
      ...graph,
      nodes: [...graph.nodes.map((node) => renamed(node, features, readout)), standardised, linear],
      constants,
      outputs: [{ name: 'logits', type: 'float32', dims: [1, head.classes] }],
    }),
    weights,
  );
}

function renamed(node: GraphNode, from: string, to: string): GraphNode {
  return { ...node, outputs: node.outputs.map((name) => (name === from ? to : name)) };
}
