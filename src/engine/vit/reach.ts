/** Which tensors depend on which. */
import type { Graph, GraphNode } from '../onnx/graph';

/** Whatever stands for a graph. */
interface OfGraph {
  readonly graph: Graph;
}

/** Every tensor that is computed from one of these, themselves included. */
export function descendants({ graph }: OfGraph, tensors: readonly string[]): Set<string> {
  const reached = new Set(tensors);
  for (const node of graph.nodes) {
    if (node.inputs.some((input) => reached.has(input)))
      for (const output of node.outputs) reached.add(output);
  }
  return reached;
}

/**
 * Every tensor that one of these is computed from, themselves included.
 * @param held left out, and with them what only they are computed from
 */
export function ancestors(
  { graph }: OfGraph,
  tensors: readonly string[],
  held: ReadonlySet<string> = new Set(),
): Set<string> {
  const reached = new Set(tensors);
  for (const node of graph.nodes.toReversed()) {
    if (node.outputs.some((output) => reached.has(output)))
      for (const input of node.inputs) if (!held.has(input)) reached.add(input);
  }
  return reached;
}

/** The first node on the way to a tensor that reads what is computed from `inner`, and beside it from `outer`. */
export function readBeside(
  whole: OfGraph,
  inner: string,
  outer: readonly string[],
  to: string,
): GraphNode | undefined {
  const ofInner = descendants(whole, [inner]);
  const ofOuter = descendants(whole, outer);
  const needed = ancestors(whole, [to]);
  return whole.graph.nodes.find(
    ({ inputs, outputs }) =>
      outputs.some((output) => needed.has(output)) &&
      inputs.some((input) => ofInner.has(input)) &&
      inputs.some((input) => ofOuter.has(input) && !ofInner.has(input)),
  );
}
