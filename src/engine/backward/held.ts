/** What no small change of the picture moves. */
import type { Graph } from '../onnx/graph';
import { elementsOf, operatorOf } from '../ops/catalogue';

/**
 * Constants, steps (a gate that is open or shut; indices) and whatever is made of these alone: a walk
 * ends there, and a product with one is a scaling.
 */
export function heldTensors(graph: Graph): ReadonlySet<string> {
  const held = new Set(graph.constants.keys());
  for (const node of graph.nodes) {
    const isStep =
      operatorOf(node.op).kind === 'step' ||
      node.inputs.every((name) => name === '' || held.has(name));
    for (const [i, name] of node.outputs.entries()) {
      const elements = elementsOf(node, i);
      if (isStep || (typeof elements !== 'number' && elements !== 'float32')) held.add(name);
    }
  }
  held.delete('');
  return held;
}
