/**
 * How elements move through a node: where each place of its result comes from, whatever is computed of the
 * values. Told once for every operator; whoever follows something through a graph needs no operator by name.
 */
import type { GraphNode } from '../onnx/graph';
import { sizeOf } from '../onnx/tensor-bytes';
import type { Argument } from './arguments';
import type { Dims } from './axes';

/** Place 0 of the result has its centre at place `start` of the operand; places are `stride` of its places apart. */
export interface Shift {
  readonly start: number;
  readonly stride: number;
}

interface Kinds {
  /** Each element from those at the same place of all operands, which broadcast. */
  elementwise: {
    /** What the operands are to each other, where it is one of these; a choice takes one of them, place by place. */
    readonly how?: 'sum' | 'product' | 'quotient' | 'choice';
  };
  /** Each element from all that stand along these axes, each place with its own result: norms, softmax. */
  along: { readonly axes: readonly number[] };
  /** The same elements in the same row-major order. */
  flat: object;
  /** Axis `i` of the result is the operand's axis `order[i]`. */
  permuted: { readonly order: readonly number[] };
  /** The operands one behind the other. */
  joined: { readonly axis: number };
  /** Some places of an axis, counted from its front, in this order. */
  taken: { readonly axis: number; readonly places: () => readonly number[] };
  /** What stands along these axes becomes one value (the axes stay with size 1, or go), or others at other places. */
  reduced: {
    readonly axes: readonly number[];
    readonly kept: boolean;
    readonly how?: 'mean' | 'sum';
  };
  /** A sum of products: by operand and axis, the axis of the result where it stands, undefined where it is summed over. */
  product: { readonly lands: readonly (readonly (number | undefined)[])[] };
  /** Each element from a window of places along these axes; undefined where nothing is known of the window. */
  window: { readonly shifts: ReadonlyMap<number, Shift | undefined> };
}

export type MoveKind = keyof Kinds;

/** One move of some operands. */
export type Move<Kind extends MoveKind = MoveKind> = {
  [K in Kind]: Kinds[K] & {
    readonly kind: K;
    /** The inputs of the node that enter here, behind the result of the move before, if there is one. */
    readonly inputs: readonly number[];
    /** Shape of the result. */
    readonly to: Dims;
  };
}[Kind];

/** One node, as the moves of its operator see it. */
export interface Passage {
  readonly node: GraphNode;
  /** Which of its outputs is asked for. */
  readonly output: number;
  /** Shape of what is asked for. */
  readonly to: Dims;
  /** Shapes of all inputs (empty for one that is left out) and outputs. */
  readonly inputs: readonly Dims[];
  readonly outputs: readonly Dims[];
  /** What the node is told beside its data; undefined where that is computed, or left out. */
  readonly integers: (argument: Argument) => readonly number[] | undefined;
}

/**
 * The moves, one behind the other, by which a node makes one of its outputs.
 * @returns undefined where they depend on computed values, or are none of these
 */
export type Moves = (passage: Passage) => readonly Move[] | undefined;

/**
 * The axis of the result along which the same stands as along an axis of an operand, place by place.
 * @param operand its number among those of the move
 * @param from its shape
 * @returns undefined if the move touches the axis
 */
export function landing(move: Move, operand: number, axis: number, from: Dims): number | undefined {
  const at = target(move, operand, axis, from);
  return at !== undefined && move.to[at] === from[axis] ? at : undefined;
}

function target(move: Move, operand: number, axis: number, from: Dims): number | undefined {
  const { to } = move;
  switch (move.kind) {
    case 'elementwise':
      return axis + to.length - from.length;
    case 'flat': {
      const before = sizeOf(from.slice(0, axis));
      return to.findIndex((dim, i) => dim === from[axis] && sizeOf(to.slice(0, i)) === before);
    }
    case 'permuted':
      return move.order.indexOf(axis);
    case 'joined':
    case 'taken':
      return axis === move.axis ? undefined : axis;
    case 'along':
      return move.axes.includes(axis) ? undefined : axis;
    case 'reduced': {
      if (move.axes.includes(axis)) return undefined;
      return move.kept ? axis : axis - move.axes.filter((gone) => gone < axis).length;
    }
    case 'product':
      return move.lands[operand]?.[axis];
    case 'window':
      return move.shifts.has(axis) ? undefined : axis;
  }
}
