/** Lets a graph end in the numbers that a person reads: one a class, and nothing behind them. */
import { buildGraph } from '../onnx/build-graph';
import type { Graph, GraphNode } from '../onnx/graph';
import { GraphBuilder } from '../onnx/graph-builder';
import { GraphView } from '../onnx/graph-view';
import { sizeOf } from '../onnx/tensor-bytes';
import type { Column } from './match-end';

/** The graph with this tensor as its only output. */
export function endingIn(graph: Graph, tensor: string): Graph {
  const dims = graph.shapes.get(tensor) ?? [];
  return buildGraph({ ...graph, outputs: [{ name: tensor, type: 'float32', dims }] });
}

/**
 * The graph with one logit a column, `[1, columns]`. Factors and choices go into the weights of the
 * linear layer where the tensor comes out of one, as if the head had been trained with so many
 * classes: a relevance rule would not see a sign behind it.
 */
export function endingInColumns(graph: Graph, tensor: string, columns: readonly Column[]): Graph {
  const view = new GraphView(graph);
  const size = sizeOf(view.shape(tensor));
  if (columns.length === size && columns.every(({ of, factor }, i) => of === i && factor === 1))
    return endingIn(graph, tensor);
  const builder = new GraphBuilder(graph, 'outputs/');
  return withNodes(
    graph,
    builder,
    widened(view, builder, tensor, columns) ?? beside(builder, tensor, columns, size),
  );
}

/** `[1 − p, p]` of the probability p of one class. */
export function endingInBothSides(graph: Graph, tensor: string): Graph {
  const builder = new GraphBuilder(graph, 'outputs/');
  const own = builder.node('Reshape', [tensor, builder.ints([1, 1])]);
  const negated = builder.node('Mul', [own, builder.floats(-1)]);
  const other = builder.node('Add', [negated, builder.floats(1)]);
  return withNodes(graph, builder, builder.node('Concat', [other, own], { axis: 1 }));
}

/** Percentages as shares of 1. */
export function endingInShares(graph: Graph, tensor: string, whole: number): Graph {
  if (whole === 1) return endingIn(graph, tensor);
  const builder = new GraphBuilder(graph, 'outputs/');
  return withNodes(graph, builder, builder.node('Mul', [tensor, builder.floats(1 / whole)]));
}

function withNodes(graph: Graph, builder: GraphBuilder, output: string): Graph {
  const grown = buildGraph({
    ...graph,
    nodes: [...graph.nodes, ...builder.nodes],
    constants: new Map([...graph.constants, ...builder.constants]),
    outputs: [{ name: output, type: 'float32', dims: builder.shapeOf(output) }],
  });
  return grown;
}

/** The linear layer with a row of weights for each column. */
function widened(
  view: GraphView,
  builder: GraphBuilder,
  tensor: string,
  columns: readonly Column[],
): string | undefined {
  let node = view.producer(tensor);
  while (node?.op === 'Reshape') node = view.producer(node.inputs[0]);
  if (node?.op !== 'Gemm') return undefined;
  const [data = '', weight, bias] = node.inputs;
  const weights = view.numbers(weight);
  const biases = bias ? view.numbers(bias) : undefined;
  if (!weights || (bias && !biases) || !isPlain(node) || view.shape(data)[0] !== 1)
    return undefined;
  const [first = 0, second = 0] = view.shape(weight ?? '');
  const transposed = node.attributes.transB === 1;
  const [classes, features] = transposed ? [first, second] : [second, first];
  if (biases && biases.length !== classes) return undefined;
  const rows = columns.flatMap(({ of, factor }) =>
    Array.from(
      { length: features },
      (_, i) => factor * (weights[transposed ? of * features + i : i * classes + of] ?? 0),
    ),
  );
  const inputs = [data, builder.floats(rows, [columns.length, features])];
  if (biases)
    inputs.push(builder.floats(columns.map(({ of, factor }) => factor * (biases[of] ?? 0))));
  return builder.node('Gemm', inputs, { transB: 1 });
}

function isPlain({ attributes: { transA = 0, alpha = 1, beta = 1 } }: GraphNode): boolean {
  return transA === 0 && alpha === 1 && beta === 1;
}

function beside(
  builder: GraphBuilder,
  tensor: string,
  columns: readonly Column[],
  size: number,
): string {
  const row = builder.node('Reshape', [tensor, builder.ints([1, size])]);
  const parts = columns.map(({ of, factor }) => {
    const own = size === 1 ? row : builder.node('Gather', [row, builder.ints([of])], { axis: 1 });
    return factor === 1 ? own : builder.node('Mul', [own, builder.floats(factor)]);
  });
  return builder.node('Concat', parts, { axis: 1 });
}
