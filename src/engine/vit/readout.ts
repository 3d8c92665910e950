/** How the tokens behind the last block become logits: which rows are read, with which weight. */
import { exactGeluOp } from '../onnx/rewrites/gelu';
import type { GraphNode } from '../onnx/graph';
import { positiveAxis, sliceRange } from '../ops/axes';
import { rmsNormOp } from '../onnx/rewrites/rms-norm';
import { sizeOf } from '../onnx/tensor-bytes';
import type { GraphView } from '../onnx/graph-view';
import { notAVit } from './not-a-vit';
import { ancestors, descendants } from './reach';
import type { Readout } from './structure';

/** A tensor that still has one slice for each of several tokens, along an axis. */
interface Rows {
  readonly kind: 'rows';
  readonly axis: number;
  /** Which token stands at each position of the axis. */
  readonly tokens: readonly number[];
  /** What each position was multiplied by (a mask, learned weights); left out, 1 each. */
  readonly factors?: readonly number[] | undefined;
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

function mixOf(weights: readonly number[], factor = 1): Mix {
  return { kind: 'mix', parts: [weights], factor, apart: false };
}

type State = Rows | Mix;

/**
 * Follows the tokens from the last block to the logits.
 * @param stream output of the last block, `[1, T, D]`.
 * @throws EngineError `model-not-a-vit` if the tokens are read in a way that no known readout
 * describes, naming the node.
 */
export function findReadout(view: GraphView, stream: string, logits: string): Readout {
  const tokens = view.shape(stream)[1] ?? 0;
  const ofPicture = descendants(
    view,
    view.graph.inputs.map(({ name }) => name),
  );
  const states = new Map<string, State>([
    [stream, { kind: 'rows', axis: 1, tokens: Array.from({ length: tokens }, (_, i) => i) }],
  ]);
  const toLogits = ancestors(view, [logits]);
  for (const node of view.graph.nodes) {
    if (!node.inputs.some((input) => states.has(input))) continue;
    if (!node.outputs.some((output) => toLogits.has(output))) continue;
    if (node.inputs.some((input) => ofPicture.has(input) && !states.has(input))) {
      throw notAVit(
        `the logits are read from the tokens of the last block and also, at ${node.op} (“${node.name}”), ` +
          'from something before it.',
      );
    }
    const after = follow(view, node, states, tokens);
    for (const [i, output] of node.outputs.entries()) {
      const state = after.length === 1 ? after[0] : after[i];
      if (state) states.set(output, settled(state, tokens));
    }
    if (node.outputs.includes(logits)) break;
  }
  const state = states.get(logits);
  if (state?.kind !== 'mix')
    throw notAVit('the logits are not read from the tokens of the last block.');
  return describe(state.parts);
}

function describe(parts: readonly (readonly number[])[]): Readout {
  const [first, second, ...rest] = parts;
  if (first && !second) {
    const row = onlyRow(first);
    return row === undefined ? { kind: 'mean', weights: first } : { kind: 'token', row };
  }
  if (first && second && rest.length === 0) {
    const row = onlyRow(first) ?? onlyRow(second);
    const weights = onlyRow(first) === undefined ? first : second;
    if (row !== undefined) return { kind: 'token+mean', row, weights };
  }
  throw notAVit(`the head reads ${parts.length} different mixtures of tokens side by side.`);
}

/** The token that alone has a weight. */
function onlyRow(weights: readonly number[]): number | undefined {
  const rows = weights.flatMap((weight, row) => (weight === 0 ? [] : [row]));
  return rows.length === 1 ? rows[0] : undefined;
}

/** Rows of a single token are a mixture of one. */
function settled(state: State, tokens: number): State {
  return state.kind === 'rows' && state.tokens.length === 1
    ? mixOf(uniform(state.tokens, tokens))
    : state;
}

/** The weights of the mean over some tokens. */
function uniform(rows: readonly number[], tokens: number): number[] {
  return shared(
    rows,
    rows.map(() => 1),
    tokens,
  );
}

/** The weights of a sum over some tokens, each with a factor, over the sum of the factors. */
function shared(rows: readonly number[], factors: readonly number[], tokens: number): number[] {
  const total = factors.reduce((sum, factor) => sum + factor, 0);
  const weights = new Array<number>(tokens).fill(0);
  for (const [i, row] of rows.entries())
    weights[row] = (weights[row] ?? 0) + (factors[i] ?? 0) / total;
  return weights;
}

const rowwise: ReadonlySet<string> = new Set([
  'Abs',
  'Add',
  'BatchNormalization',
  'Clip',
  'Div',
  'Erf',
  'Exp',
  'Expand',
  'Gelu',
  'Identity',
  'Mul',
  'Max',
  'Neg',
  'Pow',
  'Relu',
  'Sigmoid',
  'Sqrt',
  'Sub',
  'Tanh',
  'com.microsoft.QuickGelu',
  exactGeluOp,
]);

const pickers: ReadonlySet<string> = new Set(['Gather', 'Slice', 'Split']);
const products: ReadonlySet<string> = new Set(['MatMul', 'Gemm', 'com.microsoft.FusedMatMul']);

/** States of the outputs of a node; one state stands for all outputs. */
function follow(
  view: GraphView,
  node: GraphNode,
  states: ReadonlyMap<string, State>,
  tokens: number,
): State[] {
  const output = view.shape(node.outputs[0] ?? '');
  const known = node.inputs
    .map((input) => states.get(input))
    .filter((state) => state !== undefined);
  const [state] = known;
  const data = view.shape(node.inputs[0] ?? '');
  if (!state) throw unknownReadout(node);
  if (node.op === 'Concat') return [concatenated(view, node, states)];
  if (rowwise.has(node.op)) return [merged(view, node, states)];
  if (known.length > 1) throw unknownReadout(node);
  if (state.kind === 'mix') {
    if (state.apart && pickers.has(node.op)) return fail(node);
    return [products.has(node.op) ? { ...state, apart: false } : state];
  }
  if (!states.has(node.inputs[0] ?? '')) throw unknownReadout(node);

  const { axis } = state;
  switch (node.op) {
    case 'LayerNormalization':
    case 'LpNormalization':
    case rmsNormOp:
    case 'Softmax':
      return axisOf(node, data.length, -1) > axis ? [state] : fail(node);
    case 'MatMul':
    case 'Gemm':
    case 'com.microsoft.FusedMatMul':
      if (node.attributes.transA || axis === data.length - 1) return fail(node);
      return [{ ...state, axis: axis + output.length - data.length }];
    case 'Reshape':
    case 'Squeeze':
    case 'Unsqueeze':
    case 'Flatten':
      return [{ ...state, axis: axisAfterReshape(node, data, axis, output) }];
    case 'Transpose': {
      const order = node.attributes.perm;
      return Array.isArray(order) ? [{ ...state, axis: order.indexOf(axis) }] : fail(node);
    }
    case 'Gather': {
      const at = axisOf(node, data.length, 0);
      if (at !== axis) return at > axis ? [state] : fail(node);
      const indices = view.numbers(node.inputs[1]) ?? fail(node);
      const places = indices.map((i) => positiveAxis(i, state.tokens.length));
      const picked = atPlaces(state, places);
      return [picked.tokens.length === 1 ? mixOf(uniform(picked.tokens, tokens)) : picked];
    }
    case 'Slice':
      return [sliced(view, node, state, data.length)];
    case 'Split': {
      if (axisOf(node, data.length, 0) !== axis) return [state];
      let start = 0;
      return (view.numbers(node.inputs[1]) ?? fail(node)).map((size) => {
        const places = Array.from({ length: size }, (_, i) => start + i);
        start += size;
        return atPlaces(state, places);
      });
    }
    case 'ReduceMean':
    case 'ReduceSum':
    case 'ReduceL2':
      return [reduced(view, node, state, data.length, tokens)];
    default:
      return fail(node);
  }
}

function axisOf(node: GraphNode, rank: number, otherwise: number): number {
  const axis = node.attributes.axis;
  return positiveAxis(typeof axis === 'number' ? axis : otherwise, rank);
}

function axisAfterReshape(
  node: GraphNode,
  from: readonly number[],
  axis: number,
  to: readonly number[],
): number {
  const before = sizeOf(from.slice(0, axis));
  const found = to.findIndex((dim, i) => dim === from[axis] && sizeOf(to.slice(0, i)) === before);
  return found === -1 ? fail(node) : found;
}

function sliced(view: GraphView, node: GraphNode, state: Rows, rank: number): State {
  const [starts, ends, axes, steps] = [1, 2, 3, 4].map((i) => view.numbers(node.inputs[i]));
  if (!starts || !ends) return fail(node);
  const at = (axes ?? starts.map((_, i) => i)).findIndex(
    (axis) => positiveAxis(axis, rank) === state.axis,
  );
  if (at === -1) return state;
  const range = sliceRange(state.tokens.length, starts[at] ?? 0, ends[at] ?? 0, steps?.[at] ?? 1);
  return atPlaces(state, range);
}

/** The rows at some places of the axis. */
function atPlaces(state: Rows, places: readonly number[]): Rows {
  return {
    ...state,
    tokens: places.map((i) => state.tokens[i] ?? 0),
    factors: state.factors && places.map((i) => state.factors?.[i] ?? 1),
  };
}

function reduced(
  view: GraphView,
  node: GraphNode,
  state: Rows,
  rank: number,
  tokens: number,
): State {
  const axes = view.numbers(node.inputs[1])?.map((axis) => positiveAxis(axis, rank));
  if (!axes) return fail(node);
  if (axes.includes(state.axis)) {
    if (node.op === 'ReduceL2') return fail(node);
    const factors = state.factors ?? state.tokens.map(() => 1);
    const total = factors.reduce((sum, factor) => sum + factor, 0);
    if (total <= 0 || factors.some((factor) => factor < 0)) return fail(node);
    return mixOf(
      shared(state.tokens, factors, tokens),
      node.op === 'ReduceSum' ? total : total / factors.length,
    );
  }
  const gone = node.attributes.keepdims === 0 ? axes.filter((axis) => axis < state.axis).length : 0;
  return { ...state, axis: state.axis - gone };
}

/** Operands of an elementwise operator; of weights only those count that differ between tokens. */
function merged(view: GraphView, node: GraphNode, states: ReadonlyMap<string, State>): State {
  const rank = view.shape(node.outputs[0] ?? '').length;
  const operands = node.inputs.flatMap((input) => {
    const state = states.get(input);
    if (!state) return [];
    const shift = rank - view.shape(input).length;
    return [state.kind === 'rows' ? { ...state, axis: state.axis + shift } : state];
  });
  const [first, ...others] = operands;
  if (!first) return fail(node);
  if (others.length === 0) return weighted(view, node, first, rank);
  const mixes = operands.flatMap((operand) => (operand.kind === 'mix' ? [operand] : []));
  // Logits of several heads, each from its own token, are averaged.
  if (
    node.op === 'Add' &&
    mixes.length === operands.length &&
    mixes.every((mix) => mix.parts.length === 1)
  ) {
    const factor = mixes.reduce((sum, mix) => sum + mix.factor, 0);
    const [a, ...rest] = mixes;
    if (!a || mixes.some((mix) => mix.factor < 0) || factor <= 0) return fail(node);
    const share = (mix: Mix, i: number) => (mix.factor * (mix.parts[0]?.[i] ?? 0)) / factor;
    const sum = (a.parts[0] ?? []).map((_, i) =>
      rest.reduce((total, mix) => total + share(mix, i), share(a, i)),
    );
    return mixOf(sum, factor);
  }
  return others.every((other) => equal(first, other)) ? first : fail(node);
}

/** A state behind an operator with a weight: a product may weigh the tokens, or the whole. */
function weighted(view: GraphView, node: GraphNode, state: State, rank: number): State {
  const weight = node.inputs.find((input) => view.constant(input) !== undefined);
  if (weight === undefined || (node.op !== 'Mul' && node.op !== 'Div')) return state;
  const dims = view.shape(weight);
  const value = (number: number) => (node.op === 'Mul' ? number : 1 / number);
  if (state.kind === 'mix') {
    const scalar = view.scalar(weight);
    // A negative factor of the whole turns the score round, not the weights of its tokens.
    return scalar === undefined ? state : { ...state, factor: state.factor * value(scalar) };
  }
  const axis = state.axis - (rank - dims.length);
  if ((dims[axis] ?? 1) === 1) return state;
  const numbers = view.numbers(weight);
  if (!numbers || sizeOf(dims) !== dims[axis] || (node.inputs[0] === weight && node.op === 'Div'))
    return fail(node);
  return {
    ...state,
    factors: state.tokens.map((_, i) => (state.factors?.[i] ?? 1) * value(numbers[i] ?? 1)),
  };
}

function concatenated(view: GraphView, node: GraphNode, states: ReadonlyMap<string, State>): State {
  const operands = node.inputs.map((input) => states.get(input) ?? fail(node));
  const [first] = operands;
  if (!first) return fail(node);
  const axis = axisOf(node, view.shape(node.outputs[0] ?? '').length, 0);
  if (first.kind === 'rows') {
    const rows = operands.map((operand) => (operand.kind === 'rows' ? operand : fail(node)));
    if (rows.some((row) => row.axis !== first.axis)) return fail(node);
    if (axis === first.axis) {
      const factors = rows.some((row) => row.factors)
        ? rows.flatMap((row) => row.factors ?? row.tokens.map(() => 1))
        : undefined;
      return { ...first, tokens: rows.flatMap((row) => row.tokens), factors };
    }
    return rows.every((row) => equal(row, first)) ? first : fail(node);
  }
  const parts = operands.flatMap((operand) =>
    operand.kind === 'mix' ? operand.parts : fail(node),
  );
  const distinct = parts.filter(
    (part, i) => parts.findIndex((other) => sameNumbers(part, other)) === i,
  );
  return { kind: 'mix', parts: distinct, factor: 1, apart: distinct.length > 1 };
}

function equal(a: State, b: State): boolean {
  if (a.kind === 'rows') {
    return (
      b.kind === 'rows' &&
      a.axis === b.axis &&
      sameNumbers(a.tokens, b.tokens) &&
      sameNumbers(a.factors ?? [], b.factors ?? [])
    );
  }
  return (
    b.kind === 'mix' &&
    a.parts.length === b.parts.length &&
    a.parts.every((part, i) => sameNumbers(part, b.parts[i] ?? []))
  );
}

function sameNumbers(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

function fail(node: GraphNode): never {
  throw unknownReadout(node);
}

function unknownReadout(node: GraphNode): Error {
  return notAVit(
    `behind its last block, ${node.op} (“${node.name}”) reads the tokens in a way that is not known ` +
      '(known: one token, a mean of tokens, both, attention pooling).',
  );
}
