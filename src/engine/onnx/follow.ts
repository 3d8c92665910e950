/** One walk forward over a graph: what is known of some tensors, followed through every node that reads them. */
import type { Dims } from '../ops/axes';
import type { Move, MoveKind } from '../ops/movement';
import { movementOf } from '../ops/movement-of';
import type { GraphNode } from './graph';
import type { GraphView } from './graph-view';

/** A tensor that a move reads. */
export interface Operand<Fact> {
  /** Its name; empty for what a node has between two of its moves. */
  readonly tensor: string;
  readonly dims: Dims;
  /** What is known of it; undefined for weights and all else that is not followed. */
  readonly fact: Fact | undefined;
}

/**
 * What becomes of a fact by each kind of move of which at least one operand has one; undefined where nothing
 * is known behind it. A kind that is left out does not compile.
 */
export type Domain<Fact, Result = Fact> = {
  readonly [Kind in MoveKind]: Rule<Fact, Result, Kind>;
};

export type Rule<Fact, Result, Kind extends MoveKind> = (
  move: Move<Kind>,
  operands: readonly Operand<Fact>[],
  node: GraphNode,
) => Result | undefined;

export interface Bounds {
  /** The tensors that matter; left out, all. */
  readonly within?: ReadonlySet<string>;
  /** Told of every node behind which nothing is known; it may throw. */
  readonly lost?: (node: GraphNode) => void;
}

/**
 * @param start what is known at the beginning, by tensor
 * @returns what is known of each tensor
 */
export function follow<Fact>(
  view: GraphView,
  domain: Domain<Fact>,
  start: Iterable<readonly [tensor: string, fact: Fact]>,
  { within, lost }: Bounds = {},
): ReadonlyMap<string, Fact> {
  const facts = new Map(start);
  for (const node of view.graph.nodes) {
    if (!node.inputs.some((input) => facts.has(input))) continue;
    for (const [i, output] of node.outputs.entries()) {
      if (output === '' || within?.has(output) === false) continue;
      const fact = behind(view, domain, facts, node, i);
      if (fact === undefined) lost?.(node);
      else facts.set(output, fact);
    }
  }
  return facts;
}

function behind<Fact>(
  view: GraphView,
  domain: Domain<Fact>,
  facts: ReadonlyMap<string, Fact>,
  node: GraphNode,
  output: number,
): Fact | undefined {
  const moves = movementOf(node, output, view) ?? [];
  const read = new Set(moves.flatMap(({ inputs }) => inputs));
  // What decides where others go (an index, a size) moves nowhere itself.
  if (node.inputs.some((input, i) => facts.has(input) && !read.has(i))) return undefined;
  let results: readonly Operand<Fact>[] = [];
  for (const move of moves) {
    const operands = results.concat(
      move.inputs.map((input) => {
        const tensor = node.inputs[input] ?? '';
        return { tensor, dims: view.shape(tensor), fact: facts.get(tensor) };
      }),
    );
    const isFollowed = operands.some(({ fact }) => fact !== undefined);
    const fact = isFollowed ? moved(domain, move, operands, node) : undefined;
    if (isFollowed && fact === undefined) return undefined;
    results = [{ tensor: '', dims: move.to, fact }];
  }
  return results[0]?.fact;
}

function moved<Fact, Kind extends MoveKind>(
  domain: Domain<Fact>,
  move: Move<Kind>,
  operands: readonly Operand<Fact>[],
  node: GraphNode,
): Fact | undefined {
  return domain[move.kind](move, operands, node);
}
