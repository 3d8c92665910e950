/**
 * ONNX Runtime's optimiser calls what it adds by fixed names, and fails at a graph that has them
 * already: a prepared model, which it sees a second time whenever a session opens, must not.
 */
import type { GraphProto } from './onnx_pb';

/** The names of all tensors of a graph. */
export function tensorNames(graph: GraphProto): ReadonlySet<string> {
  return new Set([
    ...graph.input.map(({ name }) => name),
    ...graph.initializer.map(({ name }) => name),
    ...graph.node.flatMap(({ output }) => output),
  ]);
}

/**
 * Gives the tensors that the optimiser added names that it does not give.
 * @param known the names that the graph had before
 */
export function renameAdded(graph: GraphProto, known: ReadonlySet<string>): void {
  const renamed = (name: string) => (name === '' || known.has(name) ? name : `prepared/${name}`);
  for (const constant of graph.initializer) constant.name = renamed(constant.name);
  for (const value of graph.valueInfo) value.name = renamed(value.name);
  for (const node of graph.node) {
    node.input = node.input.map(renamed);
    node.output = node.output.map(renamed);
  }
}
