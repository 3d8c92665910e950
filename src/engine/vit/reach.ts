/** Which tensors depend on which. */
import type { GraphView } from '../onnx/graph-view';

/** Every tensor that is computed from one of these, themselves included. */
export function descendants(view: GraphView, tensors: readonly string[]): Set<string> {
  const reached = new Set(tensors);
  for (const node of view.graph.nodes) {
    if (node.inputs.some((input) => reached.has(input)))
      for (const output of node.outputs) reached.add(output);
  }
  return reached;
}

/** Every tensor that one of these is computed from, themselves included. */
export function ancestors(view: GraphView, tensors: readonly string[]): Set<string> {
  const reached = new Set(tensors);
  for (const node of view.graph.nodes.toReversed()) {
    if (node.outputs.some((output) => reached.has(output)))
      for (const input of node.inputs) reached.add(input);
  }
  return reached;
}
