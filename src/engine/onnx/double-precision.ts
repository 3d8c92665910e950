/**
 * The forward graph in float64, for models small enough to afford it.
 *
 * Relevance divides by sums that nearly cancel, so what limits a map's accuracy is the forward
 * run's rounding. Every tensor keeps its float32 form under its own name.
 */
import type { Graph, GraphNode } from './graph';
import { sizeOf } from './tensor-bytes';
import { operatorOf } from '../ops/catalogue';
import { DoubleWriter } from '../ops/double-writer';

/** Multiplications of one forward run above which float64 costs too long a wait. */
const affordable = 2e9;

/** What a model's forward run is computed in. */
export type Precision = 'single' | 'double';

/** True if the graph is small enough for float64. */
export function affordsDouble(graph: Graph): boolean {
  let products = 0;
  for (const { op, inputs, outputs, attributes } of graph.nodes) {
    if (operatorOf(op).role !== 'product') continue;
    const depth = graph.shapes.get(inputs[0] ?? '')?.at(attributes.transA ? -2 : -1) ?? 1;
    products += depth * sizeOf(graph.shapes.get(outputs[0] ?? '') ?? []);
  }
  return products <= affordable;
}

/** The graph in float64 wherever ONNX Runtime can; inputs and outputs stay float32. */
export function inDoublePrecision(graph: Graph): Graph {
  const writer = new DoubleWriter(graph);
  for (const node of graph.nodes) if (!writeDouble(node, writer)) writer.nodes.push(node);
  return { ...graph, nodes: writer.nodes, constants: writer.constants };
}

function writeDouble(node: GraphNode, writer: DoubleWriter): boolean {
  const { float64, integers } = operatorOf(node.op);
  if (float64 === 'none') return false;
  if (float64 !== 'kernel') return float64(node, writer);
  if (!writer.isFloat(node.inputs[0] ?? '')) return false;
  writer.inDouble(node, Math.min(...Object.values(integers)));
  return true;
}
