/** Which tensors depend on which. */
import type { Graph } from '../onnx/graph';

/** Whatever stands for a graph. */
interface Of {
  readonly graph: Graph;
}

/** Every tensor that is computed from one of these, themselves included. */
export function descendants({ graph }: Of, tensors: readonly string[]): Set<string> {
  const reached = new Set(tensors);
  for (const node of graph.nodes) {
    if (node.inputs.some((input) => reached.has(input)))
      for (const output of node.outputs) reached.add(output);
  }
  return reached;
}

/** Every tensor that one of these is computed from, themselves included. */
export function ancestors({ graph }: Of, tensors: readonly string[]): Set<string> {
  const reached = new Set(tensors);
  for (const node of graph.nodes.toReversed()) {
    if (node.outputs.some((output) => reached.has(output)))
      for (const input of node.inputs) reached.add(input);
  }
  return reached;
}
