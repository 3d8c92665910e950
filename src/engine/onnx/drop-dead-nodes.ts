/** Nodes that no output needs: ONNX Runtime takes its time over each of them. */
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
  const names = graph.output.map(({ name }) => name);
  for (let name = names.pop(); name !== undefined; name = names.pop()) {
    const writer = writers.get(name);
    if (!writer || needed.has(writer)) continue;
    needed.add(writer);
    names.push(...writer.input);
  }
  graph.node = graph.node.filter((node) => needed.has(node));
}
