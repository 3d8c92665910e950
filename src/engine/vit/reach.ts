/** Which tensors depend on which. */
import type { GraphNode } from '../onnx/graph';
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

/** The first node on the way to a tensor that reads what is computed from `inner`, and beside it from `outer`. */
export function readBeside(
  view: GraphView,
  inner: string,
  outer: readonly string[],
  to: string,
): GraphNode | undefined {
  const ofInner = descendants(view, [inner]);
  const ofOuter = descendants(view, outer);
  const needed = ancestors(view, [to]);
  return view.graph.nodes.find(
    ({ inputs, outputs }) =>
      outputs.some((output) => needed.has(output)) &&
      inputs.some((input) => ofInner.has(input)) &&
      inputs.some((input) => ofOuter.has(input) && !ofInner.has(input)),
  );
}
