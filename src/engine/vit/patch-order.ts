/** In which order the patches of the grid stand among the tokens of the first block. */
import type { GraphNode } from '../onnx/graph';
import type { GraphView } from '../onnx/graph-view';
import { positiveAxis, sliceRange } from '../ops/axes';
import { sizeOf } from '../onnx/tensor-bytes';
import { notAVit } from './not-a-vit';
import { ancestors } from './reach';

/** For every element of a tensor, the patch that it belongs to (row-major), or -1 for none. */
interface Placed {
  readonly dims: readonly number[];
  readonly patch: Int32Array;
}

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
  const needed = ancestors(view, [stream]);
  const placed = new Map([[grid.tensor, onGrid(view, grid)]]);
  for (const node of view.graph.nodes) {
    if (!node.outputs.some((output) => needed.has(output) && !placed.has(output))) continue;
    if (!node.inputs.some((input) => placed.has(input))) continue;
    for (const [i, output] of node.outputs.entries())
      placed.set(output, carried(view, node, i, placed));
  }
  const tokens = placed.get(stream);
  if (!tokens) throw notAVit('its first block does not read the patches.');
  return alongLastAxis(tokens) ?? mixed('the first block');
}

function onGrid(view: GraphView, { tensor, rowAxis, columnAxis }: PatchGrid): Placed {
  const dims = view.shape(tensor);
  const columns = dims[columnAxis] ?? 1;
  const rowStride = sizeOf(dims.slice(rowAxis + 1));
  const columnStride = sizeOf(dims.slice(columnAxis + 1));
  const patch = Int32Array.from({ length: sizeOf(dims) }, (_, i) => {
    const row = Math.floor(i / rowStride) % (dims[rowAxis] ?? 1);
    return row * columns + (Math.floor(i / columnStride) % columns);
  });
  return { dims, patch };
}

function carried(
  view: GraphView,
  node: GraphNode,
  output: number,
  placed: ReadonlyMap<string, Placed>,
): Placed {
  const dims = view.shape(node.outputs[output] ?? '');
  const [data = ''] = node.inputs;
  const source = placed.get(data);
  const axisOf = (otherwise: number) => {
    const axis = node.attributes.axis;
    return positiveAxis(typeof axis === 'number' ? axis : otherwise, dims.length);
  };
  switch (node.op) {
    case 'Reshape':
      return { dims, patch: source?.patch ?? unknownStep(node) };
    case 'Transpose':
      return transposed(source ?? unknownStep(node), node.attributes.perm, dims);
    case 'Concat':
      return sideBySide(view, node, placed, dims, axisOf(0));
    case 'Split': {
      const sizes = view.numbers(node.inputs[1]) ?? unknownStep(node);
      const start = sizes.slice(0, output).reduce((sum, size) => sum + size, 0);
      return taken(source ?? unknownStep(node), axisOf(0), range(start, sizes[output] ?? 0), dims);
    }
    case 'Gather':
      return taken(source ?? unknownStep(node), axisOf(0), indices(view, node), dims);
    case 'Slice':
      return sliced(view, node, source ?? unknownStep(node), dims);
    case 'Gemm':
    case 'MatMul':
    case 'com.microsoft.FusedMatMul': {
      if (!source || node.attributes.transA) return unknownStep(node);
      const rows = alongLastAxis(source) ?? mixed(node.name);
      const width = dims.at(-1) ?? 1;
      return {
        dims,
        patch: Int32Array.from(
          { length: sizeOf(dims) },
          (_, i) => rows[Math.floor(i / width)] ?? -1,
        ),
      };
    }
    default:
      return elementwise(view, node, placed, dims);
  }
}

/** Operators that give each position from the same position, and norms of single tokens. */
function elementwise(
  view: GraphView,
  node: GraphNode,
  placed: ReadonlyMap<string, Placed>,
  dims: readonly number[],
): Placed {
  const tracked = node.inputs.filter((input) => placed.has(input));
  const [only = ''] = tracked;
  const source = placed.get(only);
  const others = node.inputs.filter((input) => !placed.has(input) && input !== '');
  const keepsPlace = source?.dims.join() === dims.join() && tracked.length === 1;
  if (!source || !keepsPlace || others.some((input) => !view.constant(input)))
    return unknownStep(node);
  if (node.op === 'LayerNormalization' && !alongLastAxis(source)) return mixed(node.name);
  return source;
}

/** The patch of each row, if the last axis stays within one patch. */
function alongLastAxis({ dims, patch }: Placed): number[] | undefined {
  const width = dims.at(-1) ?? 1;
  const rows: number[] = [];
  for (let start = 0; start < patch.length; start += width) {
    const first = patch[start] ?? -1;
    for (let i = 1; i < width; i++) if (patch[start + i] !== first) return undefined;
    rows.push(first);
  }
  return rows;
}

function transposed({ dims, patch }: Placed, order: unknown, to: readonly number[]): Placed {
  const perm = Array.isArray(order) ? order.map(Number) : dims.map((_, i) => dims.length - 1 - i);
  const strides = dims.map((_, i) => sizeOf(dims.slice(i + 1)));
  const steps = perm.map((axis) => strides[axis] ?? 0);
  const result = new Int32Array(patch.length);
  const position = to.map(() => 0);
  let from = 0;
  for (let i = 0; i < result.length; i++) {
    result[i] = patch[from] ?? -1;
    for (let axis = to.length - 1; axis >= 0; axis--) {
      const step = steps[axis] ?? 0;
      const next = (position[axis] ?? 0) + 1;
      from += step;
      position[axis] = next;
      if (next < (to[axis] ?? 0)) break;
      from -= next * step;
      position[axis] = 0;
    }
  }
  return { dims: to, patch: result };
}

/** Some places of an axis, in the given order. */
function taken(
  source: Placed,
  axis: number,
  places: readonly number[],
  to: readonly number[],
): Placed {
  const { dims, patch } = source;
  const size = dims[axis] ?? 1;
  const inner = sizeOf(dims.slice(axis + 1));
  const result = new Int32Array(sizeOf(to));
  let at = 0;
  for (let outer = 0; outer < patch.length; outer += size * inner) {
    for (const place of places) {
      const start = outer + positiveAxis(place, size) * inner;
      result.set(patch.subarray(start, start + inner), at);
      at += inner;
    }
  }
  return { dims: to, patch: result };
}

function sideBySide(
  view: GraphView,
  node: GraphNode,
  placed: ReadonlyMap<string, Placed>,
  to: readonly number[],
  axis: number,
): Placed {
  const parts = node.inputs.map((input) => {
    const dims = view.shape(input);
    return placed.get(input) ?? { dims, patch: new Int32Array(sizeOf(dims)).fill(-1) };
  });
  const result = new Int32Array(sizeOf(to));
  const inner = sizeOf(to.slice(axis + 1));
  const outer = sizeOf(to.slice(0, axis));
  let at = 0;
  for (let i = 0; i < outer; i++) {
    for (const { dims, patch } of parts) {
      const length = (dims[axis] ?? 1) * inner;
      result.set(patch.subarray(i * length, (i + 1) * length), at);
      at += length;
    }
  }
  return { dims: to, patch: result };
}

function sliced(view: GraphView, node: GraphNode, source: Placed, to: readonly number[]): Placed {
  const [starts, ends, axes, steps] = [1, 2, 3, 4].map((i) => view.numbers(node.inputs[i]));
  if (!starts || !ends) return unknownStep(node);
  return starts.reduce((current, start, i) => {
    const axis = positiveAxis(axes?.[i] ?? i, to.length);
    const places = sliceRange(current.dims[axis] ?? 0, start, ends[i] ?? 0, steps?.[i] ?? 1);
    const dims = current.dims.map((dim, a) => (a === axis ? places.length : dim));
    return taken(current, axis, places, dims);
  }, source);
}

function indices(view: GraphView, node: GraphNode): readonly number[] {
  return view.numbers(node.inputs[1]) ?? unknownStep(node);
}

function range(start: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => start + i);
}

function unknownStep(node: GraphNode): never {
  throw notAVit(
    `between the patches and the first block, ${node.op} (“${node.name}”) does something that is not known.`,
  );
}

function mixed(place: string): never {
  throw notAVit(`the patches are mixed before the first block (at “${place}”).`);
}
