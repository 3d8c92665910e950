/** Nodes and weights that no output needs: ONNX Runtime takes its time over each node, and weights may be large. */
import type { GraphProto, NodeProto } from './onnx_pb';

/**
 * In place, whatever the order of the nodes. Of a graph with graphs within, which read its tensors by
 * name, nothing is dropped.
 */
export function dropDeadNodes(graph: GraphProto): void {
  if (graph.node.some(({ attribute }) => attribute.some(({ g }) => g))) return;
  const writers = new Map(
    graph.node.flatMap((node) => node.output.map((name) => [name, node] as const)),
  );
  const needed = new Set<NodeProto>();
  const read = new Set<string>();
  const names = graph.output.map(({ name }) => name);
  for (let name = names.pop(); name !== undefined; name = names.pop()) {
    read.add(name);
    const writer = writers.get(name);
    if (!writer || needed.has(writer)) continue;
    needed.add(writer);
    names.push(...writer.input);
  }
  graph.node = graph.node.filter((node) => needed.has(node));
  const dead = new Set(graph.initializer.map(({ name }) => name).filter((name) => !read.has(name)));
  graph.initializer = graph.initializer.filter(({ name }) => !dead.has(name));
  // Old files list their weights among the inputs.
  graph.input = graph.input.filter(({ name }) => !dead.has(name));
}
