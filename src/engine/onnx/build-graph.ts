/** A graph with static shapes, from its parts. */
import { inferShapes } from '../ops/infer-shape';
import type { Constant } from './constant';
import type { Graph, GraphNode, Port } from './graph';

export type GraphParts = Pick<Graph, 'nodes' | 'constants' | 'inputs' | 'outputs' | 'opsets'>;

/**
 * Completes a graph: drops what no output needs and finds every shape.
 * @param parts nodes in topological order; dimensions of inputs are fixed.
 * @throws EngineError `model-unknown-op` if the shape of a node's outputs cannot be told,
 * `model-unreadable` if operands do not fit each other.
 */
export function buildGraph(parts: GraphParts): Graph {
  const nodes = withoutDeadNodes(parts.nodes, parts.outputs);
  const read = new Set(nodes.flatMap((node) => node.inputs));
  for (const port of parts.outputs) read.add(port.name);
  const constants = new Map<string, Constant>();
  for (const [name, constant] of parts.constants) if (read.has(name)) constants.set(name, constant);

  const shapes = new Map<string, readonly number[]>();
  for (const port of parts.inputs) shapes.set(port.name, port.dims);
  for (const constant of constants.values()) shapes.set(constant.name, constant.dims);
  for (const node of nodes) inferNode(node, shapes, constants);
  const outputs = parts.outputs.map((port) => ({
    ...port,
    dims: shapes.get(port.name) ?? port.dims,
  }));
  return { ...parts, nodes, constants, outputs, shapes };
}

function inferNode(
  node: GraphNode,
  shapes: Map<string, readonly number[]>,
  constants: ReadonlyMap<string, Constant>,
): void {
  const inferred = inferShapes(
    { ...node, outputCount: node.outputs.length },
    { shape: (name) => shapes.get(name), constant: (name) => constants.get(name) },
  );
  for (const [i, output] of node.outputs.entries()) {
    const dims = inferred[i];
    if (dims && output !== '') shapes.set(output, dims);
  }
}

function withoutDeadNodes(nodes: readonly GraphNode[], outputs: readonly Port[]): GraphNode[] {
  const needed = new Set(outputs.map((port) => port.name));
  const kept: GraphNode[] = [];
  for (const node of nodes.toReversed()) {
    if (!node.outputs.some((output) => needed.has(output))) continue;
    for (const input of node.inputs) needed.add(input);
    kept.push(node);
  }
  return kept.reverse();
}
