import { encodePort } from './encode';
import type { Graph } from './graph';
import { modelBytes } from './model-parts';

/**
 * The graph as an ONNX model; everything in the graph is written, nothing else.
 * @param weights as `modelBytes` takes it
 */
export function encodeGraph(graph: Graph, weights: 'inside' | 'beside' = 'inside'): Uint8Array {
  const { nodes, constants, inputs, outputs, opsets } = graph;
  const ports = { inputs: inputs.map(encodePort), outputs: outputs.map(encodePort) };
  return modelBytes({ nodes, constants: constants.values(), opsets, ...ports }, weights);
}
