/**
 * In which order an attribution graph is best computed: all walks at once, from the model's last node
 * to its first, and what does not depend on the class only where it is needed.
 */
import type { GraphNode } from '../onnx/graph';

export interface Recorded {
  /** In the order in which they were recorded. */
  readonly nodes: readonly GraphNode[];
  /** The recorder's own inputs: what depends on them is computed for each class. */
  readonly inputs: ReadonlySet<string>;
  /** Which forward node the walk stood at when a tensor was recorded; undefined outside of walks. */
  readonly place: (tensor: string) => number | undefined;
}

/** The nodes that depend on the recorder's own inputs. */
export function dependentNodes({ nodes, inputs }: Omit<Recorded, 'place'>): Set<GraphNode> {
  const reached = new Set(inputs);
  const found = new Set<GraphNode>();
  for (const node of nodes) {
    if (!node.inputs.some((name) => reached.has(name))) continue;
    found.add(node);
    for (const name of node.outputs) reached.add(name);
  }
  return found;
}

export function inOrder(recorded: Recorded): GraphNode[] {
  const { nodes, place } = recorded;
  const dependent = dependentNodes(recorded);
  const places = new Map<string, number>();
  const at = (node: GraphNode) => {
    const behind = node.inputs.map((name) => places.get(name) ?? Infinity);
    return Math.min(place(node.outputs[0] ?? '') ?? Infinity, ...behind);
  };
  for (const node of nodes) {
    if (!dependent.has(node)) continue;
    const own = at(node);
    for (const name of node.outputs) places.set(name, own);
  }
  const placeOf = ({ outputs }: GraphNode) => places.get(outputs[0] ?? '') ?? Infinity;
  const walked = nodes
    .filter((node) => dependent.has(node))
    // Sorting is stable: what one place has, in the order of its recording.
    .sort((a, b) => placeOf(b) - placeOf(a));
  const producers = new Map(nodes.flatMap((node) => node.outputs.map((name) => [name, node])));
  const ordered = new Set<GraphNode>();
  const emit = (node: GraphNode) => {
    if (ordered.has(node)) return;
    for (const name of node.inputs) {
      const producer = producers.get(name);
      if (producer) emit(producer);
    }
    ordered.add(node);
  };
  for (const node of walked) emit(node);
  for (const node of nodes) emit(node);
  return [...ordered];
}
