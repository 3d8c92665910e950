/** Walks of small graphs, evaluated in float64. */
import { buildGraph } from '../src/engine/onnx/build-graph';
import type { Graph } from '../src/engine/onnx/graph';
import { GraphBuilder } from '../src/engine/onnx/graph-builder';
import type { ProductRole } from '../src/engine/backward/rule';
import { rulesOf } from '../src/engine/backward/rule-sets';
import type { RuleSet } from '../src/engine/backward/rule-sets';
import { classAxisPlaceholder, Tape } from '../src/engine/backward/tape';
import { walkBack } from '../src/engine/backward/walker';
import { array64, constants64, evaluate64 } from './float64-evaluator';
import type { Array64 } from './float64-evaluator';
import { randomNormal } from './fixtures/build-vit';

/** A graph of one float input `x`, written by hand. */
export function smallGraph(
  dims: readonly number[],
  write: (builder: GraphBuilder, x: string) => string,
): { graph: Graph; output: string } {
  const x = { name: 'x', type: 'float32' as const, dims };
  const opsets = new Map([
    ['', 20],
    ['com.microsoft', 1],
  ]);
  const empty: Graph = {
    nodes: [],
    constants: new Map(),
    inputs: [x],
    outputs: [],
    shapes: new Map([['x', dims]]),
    opsets,
  };
  const builder = new GraphBuilder(empty, 'n');
  const output = write(builder, 'x');
  const port = { name: output, type: 'float32' as const, dims: builder.shapeOf(output) };
  const { nodes, constants } = builder;
  const graph = buildGraph({ nodes, constants, inputs: [x], outputs: [port], opsets });
  return { graph, output };
}

/** Normal numbers, the same for the same seed. */
export function normals(dims: readonly number[], seed: number): Array64 {
  const random = randomNormal(seed);
  return array64(
    dims,
    Array.from({ length: dims.reduce((a, b) => a * b, 1) }, () => random()),
  );
}

/** All forward tensors of a graph, in float64. */
export function forward64(
  graph: Graph,
  inputs: Readonly<Record<string, Array64>>,
): Map<string, Array64> {
  return evaluate64(
    graph.nodes,
    new Map([...constants64(graph.constants.values()), ...Object.entries(inputs)]),
  );
}

/** Cotangents of a walk in float64, `[K, ...shape]` each; undefined where nothing flows. */
export function walk64(
  graph: Graph,
  request: {
    readonly set: RuleSet;
    readonly from: string;
    readonly to: readonly string[];
    readonly seed: Array64;
    readonly forward: ReadonlyMap<string, Array64>;
    readonly roles?: ReadonlyMap<string, ProductRole>;
  },
): (Array64 | undefined)[] {
  const tape = new Tape(graph, 'all');
  const seed = tape.builder.input('seed', 'float32', [
    classAxisPlaceholder,
    ...request.seed.dims.slice(1),
  ]);
  const found = walkBack(tape, {
    seed,
    from: request.from,
    to: request.to,
    rules: rulesOf(request.set),
    roles: request.roles ?? new Map(),
  });
  const names = request.to.map((name) => found.whole(name));
  const values = evaluate64(
    tape.builder.nodes,
    new Map([
      ...request.forward,
      ...constants64(tape.builder.constants.values()),
      [seed, request.seed],
    ]),
  );
  return names.map((name) => (name === undefined ? undefined : values.get(name)));
}

export function sumOf(values: ArrayLike<number>): number {
  return Array.from(values).reduce((total, value) => total + value, 0);
}
