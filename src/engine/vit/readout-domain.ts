/** What tensors behind the last block hold of the tokens: still several of them, or a mixture with weights. */
import { domainOnAxis, forget, keep } from '../onnx/axis-domain';
import type { Domain, Operand, Rule } from '../onnx/follow';
import type { GraphView } from '../onnx/graph-view';
import { sizeOf } from '../onnx/tensor-bytes';
import type { Move, MoveKind } from '../ops/movement';

/** A tensor that still has one slice for each of several tokens, along an axis. */
interface Rows {
  readonly kind: 'rows';
  readonly axis: number;
  /** Which token stands at each position of the axis. */
  readonly tokens: readonly number[];
  /** What each position was multiplied by (a mask, learned weights). */
  readonly factors: readonly number[];
}

/**
 * A tensor without token axis: features read from the tokens. Several parts stand side by side;
 * each gives the weight of every token in it.
 */
interface Mix {
  readonly kind: 'mix';
  readonly parts: readonly (readonly number[])[];
  /** What the whole was multiplied by since; it counts where two mixtures are added. */
  readonly factor: number;
  /** True while the parts can still be told apart by their place. */
  readonly apart: boolean;
}

export type State = Rows | Mix;

type States = readonly Operand<State>[];

/** All of some tokens, in order, along an axis. */
export function allTokens(count: number, axis: number): State {
  const tokens = Array.from({ length: count }, (_, i) => i);
  return { kind: 'rows', axis, tokens, factors: tokens.map(() => 1) };
}

/** @param count how many tokens there are */
export function readoutDomain(view: GraphView, count: number): Domain<State> {
  const rows = domainOnAxis<Rows, State>({
    agree: isEqual,
    along: forget,
    flat: forget,
    joined: (operands, axis) => {
      const parts = operands.flatMap(({ fact }) => fact ?? []);
      if (parts.length < operands.length) return undefined;
      const tokens = parts.flatMap((part) => part.tokens);
      return { kind: 'rows', axis, tokens, factors: parts.flatMap(({ factors }) => factors) };
    },
    taken: (state, places) => atPlaces(state, places, count),
    reduced: (state, { how }) => how && summed(state, how, count),
    window: forget,
    product: ([side, another]) => (another ? undefined : side),
  });
  /** Rows go where their axis goes; a mixture has none. */
  const either =
    <Kind extends MoveKind>(
      kind: Kind,
      ofMix: (mix: Mix) => State | undefined,
    ): Rule<State, State, Kind> =>
    (move, operands, node) => {
      const ofRows = rowsOf(operands);
      if (ofRows) return rows[kind](move, ofRows, node);
      const [mix, another] = mixesOf(operands) ?? [];
      return mix && !another ? ofMix(mix) : undefined;
    };
  return {
    elementwise: (move, operands, node) => {
      const ofRows = rowsOf(operands);
      const isChosen = move.how === 'choice';
      const state = ofRows
        ? isChosen
          ? undefined
          : rows.elementwise(move, ofRows, node)
        : together(mixesOf(operands) ?? [], move.how);
      const isAlone = operands.filter(({ fact }) => fact).length === 1;
      return state && isAlone ? weighted(view, move, operands, state) : state;
    },
    along: either('along', keep),
    flat: either('flat', keep),
    permuted: either('permuted', keep),
    joined: (move, operands, node) => {
      const ofRows = rowsOf(operands);
      if (ofRows) return rows.joined(move, ofRows, node);
      const mixes = mixesOf(operands);
      return mixes?.length === operands.length ? sideBySide(mixes) : undefined;
    },
    taken: either('taken', (mix) => (mix.apart ? undefined : mix)),
    reduced: either('reduced', keep),
    product: either('product', (mix) => ({ ...mix, apart: false })),
    window: either('window', keep),
  };
}

/** The operands, if none of them is a mixture. */
function rowsOf(operands: States): readonly Operand<Rows>[] | undefined {
  const rows = operands.flatMap(({ tensor, dims, fact }) =>
    fact?.kind === 'mix' ? [] : [{ tensor, dims, fact }],
  );
  return rows.length === operands.length ? rows : undefined;
}

/** What is known of the operands, if it is mixtures alone. */
function mixesOf(operands: States): readonly Mix[] | undefined {
  const facts = operands.flatMap(({ fact }) => fact ?? []);
  const mixes = facts.flatMap((fact) => (fact.kind === 'mix' ? [fact] : []));
  return mixes.length === facts.length ? mixes : undefined;
}

function mixOf(weights: readonly number[], factor = 1): Mix {
  return { kind: 'mix', parts: [weights], factor, apart: false };
}

/** The rows at some places of the axis; a single one is a mixture of one. */
function atPlaces(rows: Rows, places: readonly number[], count: number): State {
  const tokens = places.map((i) => rows.tokens[i] ?? 0);
  const [token] = tokens;
  if (token !== undefined && tokens.length === 1) return mixOf(weightsOf([token], [1], count));
  return { ...rows, tokens, factors: places.map((i) => rows.factors[i] ?? 1) };
}

function summed({ tokens, factors }: Rows, how: 'mean' | 'sum', count: number): Mix | undefined {
  const total = factors.reduce((sum, factor) => sum + factor, 0);
  if (total <= 0 || factors.some((factor) => factor < 0)) return undefined;
  return mixOf(weightsOf(tokens, factors, count), how === 'sum' ? total : total / factors.length);
}

/** The weight of each token in a sum over some, each with a factor, over the sum of the factors. */
function weightsOf(
  tokens: readonly number[],
  factors: readonly number[],
  count: number,
): readonly number[] {
  const total = factors.reduce((sum, factor) => sum + factor, 0);
  const weights = new Array<number>(count).fill(0);
  for (const [i, token] of tokens.entries())
    weights[token] = (weights[token] ?? 0) + (factors[i] ?? 0) / total;
  return weights;
}

/** Mixtures place by place: logits of several heads, each from its own token, are averaged. */
function together(mixes: readonly Mix[], how: Move<'elementwise'>['how']): Mix | undefined {
  const [first, ...others] = mixes;
  if (!first || others.length === 0) return first;
  if (how !== 'sum' || mixes.some(({ parts }) => parts.length > 1))
    return others.every((other) => isEqual(first, other)) ? first : undefined;
  const factor = mixes.reduce((sum, mix) => sum + mix.factor, 0);
  if (mixes.some((mix) => mix.factor < 0) || factor <= 0) return undefined;
  const weights = (first.parts[0] ?? []).map((_, i) =>
    mixes.reduce((sum, mix) => sum + (mix.factor * (mix.parts[0]?.[i] ?? 0)) / factor, 0),
  );
  return mixOf(weights, factor);
}

/** A state behind an operator with a weight: a product may weigh the tokens, or the whole. */
function weighted(
  view: GraphView,
  { how, to }: Move<'elementwise'>,
  operands: States,
  state: State,
): State | undefined {
  const weight = operands.find(({ tensor }) => view.constant(tensor) !== undefined);
  if (!weight || (how !== 'product' && how !== 'quotient')) return state;
  const { tensor, dims } = weight;
  const value = (number: number) => (how === 'product' ? number : 1 / number);
  if (state.kind === 'mix') {
    const scalar = view.scalar(tensor);
    // A negative factor of the whole turns the score round, not the weights of its tokens.
    return scalar === undefined ? state : { ...state, factor: state.factor * value(scalar) };
  }
  const own = dims[state.axis - (to.length - dims.length)] ?? 1;
  if (own === 1) return state;
  const isDivided = how === 'quotient' && weight === operands[0];
  const numbers = view.numbers(tensor);
  if (isDivided || sizeOf(dims) !== own || !numbers) return undefined;
  return { ...state, factors: state.factors.map((factor, i) => factor * value(numbers[i] ?? 1)) };
}

function sideBySide(mixes: readonly Mix[]): Mix {
  const parts = mixes.flatMap((mix) => mix.parts);
  const distinct = parts.filter((part, i) => parts.findIndex((other) => isSame(part, other)) === i);
  return { kind: 'mix', parts: distinct, factor: 1, apart: distinct.length > 1 };
}

/** True if two states of a kind hold the same tokens with the same weights. */
function isEqual(a: State, b: State): boolean {
  if (a.kind === 'rows')
    return b.kind === 'rows' && isSame(a.tokens, b.tokens) && isSame(a.factors, b.factors);
  return (
    b.kind === 'mix' &&
    a.parts.length === b.parts.length &&
    a.parts.every((part, i) => isSame(part, b.parts[i] ?? []))
  );
}

function isSame(a: readonly number[], b: readonly number[]): boolean {
  return a === b || (a.length === b.length && a.every((value, i) => value === b[i]));
}
