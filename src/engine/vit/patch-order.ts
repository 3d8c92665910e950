/** In which order the patches of the grid stand among the tokens of the first block. */
import { follow, type Domain, type Operand } from '../onnx/follow';
import type { GraphNode } from '../onnx/graph';
import type { GraphView } from '../onnx/graph-view';
import { sizeOf } from '../onnx/tensor-bytes';
import type { Dims } from '../ops/axes';
import { landing, type Move } from '../ops/movement';
import { notAVit } from './not-a-vit';
import { ancestors } from './reach';

/** For every element of a tensor, the patch that it belongs to (row-major), or -1 for none. */
type Patches = Int32Array;

/** Where the patches come from: a tensor that has one axis for grid rows and one for grid columns. */
export interface PatchGrid {
  readonly tensor: string;
  readonly rowAxis: number;
  readonly columnAxis: number;
}

/**
 * The patch that each token of the first block comes from, -1 for tokens of another origin, by
 * carrying patch numbers through every node between the grid and the block.
 * @param stream input of the first block, `[1, T, D]`.
 * @throws EngineError `model-not-a-vit` if a node mixes patches or is not known.
 */
export function patchesOfTokens(view: GraphView, grid: PatchGrid, stream: string): number[] {
  const fact = follow(view, domainOf(view), [[grid.tensor, onGrid(view, grid)]], {
    within: ancestors(view, [stream]),
    lost: ({ op, name }) => {
      throw notAVit(
        `between the patches and the first block, ${op} (“${name}”) does something that is not known.`,
      );
    },
  }).get(stream);
  if (!fact) throw notAVit('its first block does not read the patches.');
  const dims = view.shape(stream);
  const to = dims.slice(0, -1);
  const rows = { kind: 'reduced', axes: [to.length], kept: false, inputs: [0], to } as const;
  return Array.from(carried(rows, 0, { tensor: stream, dims, fact }, 'the first block') ?? []);
}

function onGrid(view: GraphView, { tensor, rowAxis, columnAxis }: PatchGrid): Patches {
  const dims = view.shape(tensor);
  const columns = dims[columnAxis] ?? 1;
  const patches = Int32Array.from({ length: (dims[rowAxis] ?? 1) * columns }, (_, i) => i);
  const steps = dims.map((_, axis) => (axis === rowAxis ? columns : Number(axis === columnAxis)));
  return strided(patches, dims, steps);
}

function domainOf(view: GraphView): Domain<Patches> {
  /** What the operands that hold patches agree on; all else that is read must be weights. */
  const agreed = (
    move: Move,
    operands: readonly Operand<Patches>[],
    { name }: GraphNode,
  ): Patches | undefined => {
    if (operands.some(({ tensor, fact }) => !fact && !view.constant(tensor))) return undefined;
    const [first, ...others] = operands.flatMap(
      (operand, i) => carried(move, i, operand, name) ?? [],
    );
    return first && others.every((other) => isSame(other, first)) ? first : undefined;
  };
  return {
    elementwise: agreed,
    along: agreed,
    flat: (_, [source]) => source?.fact,
    permuted: agreed,
    joined: sideBySide,
    taken: (move, [source]) => source?.fact && taken(move, source.dims, source.fact),
    reduced: agreed,
    product: agreed,
    window: () => undefined,
  };
}

/**
 * The patches of an operand at the places of the result.
 * @throws EngineError `model-not-a-vit` if elements of several patches become one
 */
function carried(
  move: Move,
  index: number,
  { dims, fact }: Operand<Patches>,
  place: string,
): Patches | undefined {
  if (!fact) return undefined;
  const strides = stridesOf(dims);
  const landings = dims.map((_, axis) => landing(move, index, axis, dims));
  const kept = strides.map((stride, axis) => (landings[axis] === undefined ? 0 : stride));
  if (!isSame(strided(fact, dims, kept), fact))
    throw notAVit(`the patches are mixed before the first block (at “${place}”).`);
  return strided(
    fact,
    move.to,
    move.to.map((_, at) => strides[landings.indexOf(at)] ?? 0),
  );
}

function stridesOf(dims: Dims): number[] {
  return dims.map((_, axis) => sizeOf(dims.slice(axis + 1)));
}

function isSame(a: Patches, b: Patches): boolean {
  if (a === b) return true;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return a.length === b.length;
}

/** A tensor of a shape whose next place along each axis lies some elements further in the source. */
function strided(source: Patches, dims: Dims, steps: readonly number[]): Patches {
  const isWhole = sizeOf(dims) === source.length;
  if (
    isWhole &&
    stridesOf(dims).every((stride, axis) => dims[axis] === 1 || stride === steps[axis])
  )
    return source;
  const result = new Int32Array(sizeOf(dims));
  const position = dims.map(() => 0);
  let from = 0;
  for (let i = 0; i < result.length; i++) {
    result[i] = source[from] ?? -1;
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      const step = steps[axis] ?? 0;
      const next = (position[axis] ?? 0) + 1;
      from += step;
      position[axis] = next;
      if (next < (dims[axis] ?? 0)) break;
      from -= next * step;
      position[axis] = 0;
    }
  }
  return result;
}

function taken({ axis, places, to }: Move<'taken'>, dims: Dims, source: Patches): Patches {
  const inner = sizeOf(dims.slice(axis + 1));
  const run = (dims[axis] ?? 1) * inner;
  const starts = places().map((place) => place * inner);
  const result = new Int32Array(sizeOf(to));
  let at = 0;
  for (let outer = 0; outer < source.length; outer += run) {
    for (const start of starts) {
      result.set(source.subarray(outer + start, outer + start + inner), at);
      at += inner;
    }
  }
  return result;
}

function sideBySide({ axis, to }: Move<'joined'>, parts: readonly Operand<Patches>[]): Patches {
  const result = new Int32Array(sizeOf(to)).fill(-1);
  const inner = sizeOf(to.slice(axis + 1));
  const outer = sizeOf(to.slice(0, axis));
  let at = 0;
  for (let i = 0; i < outer; i++) {
    for (const { dims, fact } of parts) {
      const length = (dims[axis] ?? 1) * inner;
      if (fact) result.set(fact.subarray(i * length, (i + 1) * length), at);
      at += length;
    }
  }
  return result;
}
