/** Applies a pattern rewrite to a graph. */
import { buildGraph } from './build-graph';
import type { Constant } from './constant';
import type { Graph, GraphNode } from './graph';
import { GraphBuilder } from './graph-builder';
import { GraphView } from './graph-view';

/**
 * Looks at one node; returns undefined to leave it, or the tensors that take the place of its
 * outputs, in order. New nodes are added with the builder and stand where the node stood, so they
 * may read anything that the node could. What is no longer needed disappears by itself.
 */
export type Rewrite = (
  node: GraphNode,
  view: GraphView,
  builder: GraphBuilder,
) => readonly string[] | undefined;

/** The graph after every rewrite, each applied once to every node in order. */
export function applyRewrites(graph: Graph, rewrites: readonly Rewrite[]): Graph {
  return rewrites.reduce((current, rewrite, i) => applyRewrite(current, rewrite, `vr${i}/`), graph);
}

function applyRewrite(graph: Graph, rewrite: Rewrite, prefix: string): Graph {
  const view = new GraphView(graph);
  const nodes: GraphNode[] = [];
  const added = new Map<string, Constant>();
  const successors = new Map<string, string>();
  const resolve = (name: string): string => {
    const next = successors.get(name);
    return next === undefined ? name : resolve(next);
  };
  const builder = new GraphBuilder(graph, prefix);
  let changed = false;
  for (const node of graph.nodes) {
    const before = builder.nodes.length;
    const replacement = rewrite(node, view, builder);
    if (!replacement) {
      nodes.push(node);
      continue;
    }
    changed = true;
    nodes.push(...builder.nodes.slice(before));
    for (const [i, output] of node.outputs.entries()) {
      const successor = replacement[i];
      if (successor !== undefined && output !== '') successors.set(output, successor);
    }
  }
  if (!changed) return graph;
  for (const [name, constant] of builder.constants) added.set(name, constant);
  const resolved = nodes.map((node) => ({ ...node, inputs: node.inputs.map(resolve) }));
  for (const { name } of graph.outputs) {
    const source = resolve(name);
    if (source !== name)
      resolved.push({ name, op: 'Identity', inputs: [source], outputs: [name], attributes: {} });
  }
  return buildGraph({
    ...graph,
    nodes: resolved,
    constants: new Map([...graph.constants, ...added]),
  });
}
