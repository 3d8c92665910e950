/** Where on the picture the patches of the grid lie. */
import type { GraphNode } from '../onnx/graph';
import type { GraphView } from '../onnx/graph-view';
import { positiveAxis, sliceRange } from '../ops/axes';
import { sizeOf } from '../onnx/tensor-bytes';
import { notAVit } from './not-a-vit';

/** The axis of a tensor that runs down or across the picture: place i has its centre at `first + i * step`. */
interface Along {
  readonly axis: number;
  /** In pixels of the model's input, from the centre of pixel 0. */
  readonly first: number;
  readonly step: number;
}

type Side = 'height' | 'width';

/**
 * Checks that the grid of patches lies over the whole picture, upright: a map of patches is drawn so.
 * Where an operator on the way is not known, nothing is checked.
 * @param tensor holds the patches, with an axis for grid rows and one for grid columns
 * @throws EngineError `model-not-a-vit` if the graph turns, mirrors, crops or pads the picture by more than
 * half a patch.
 */
export function requireWholePicture(
  view: GraphView,
  pixels: string,
  grid: { readonly tensor: string; readonly rowAxis: number; readonly columnAxis: number },
): void {
  const [, , height = 1, width = 1] = view.shape(pixels);
  const { tensor, rowAxis, columnAxis } = grid;
  requireSide(view, followed(view, pixels, 2, tensor), rowAxis, tensor, height, 'height');
  requireSide(view, followed(view, pixels, 3, tensor), columnAxis, tensor, width, 'width');
}

function requireSide(
  view: GraphView,
  along: Along | undefined,
  axis: number,
  tensor: string,
  pixels: number,
  side: Side,
): void {
  if (!along) return;
  if (along.axis !== axis)
    throw notAVit('it turns the picture on its side before it cuts it into patches.');
  const count = view.shape(tensor)[axis] ?? 1;
  if (count > 1 && along.step < 0)
    throw notAVit('it mirrors the picture before it cuts it into patches.');
  const whole = pixels / count;
  const off = [0, count - 1].map((i) => along.first + i * along.step - ((i + 0.5) * whole - 0.5));
  if (off.every((distance) => Math.abs(distance) <= along.step / 2)) return;
  const from = Math.round(along.first - along.step / 2 + 0.5);
  const to = Math.round(along.first + (count - 0.5) * along.step + 0.5);
  throw notAVit(
    `its patches cover the pixels ${from} to ${to} of the picture’s ${side} of ${pixels} (it crops or pads the picture), ` +
      'so a map of patches would lie in the wrong place.',
    'Export the model for a size that its patches fill, without cropping or padding inside the model.',
  );
}

/** Follows an axis of the picture to a tensor; undefined where an operator is not known. */
function followed(
  view: GraphView,
  pixels: string,
  axis: number,
  tensor: string,
): Along | undefined {
  const known = new Map<string, Along | undefined>([[pixels, { axis, first: 0, step: 1 }]]);
  for (const node of view.graph.nodes) {
    const from = node.inputs.find((input) => known.has(input));
    if (from === undefined) continue;
    const before = known.get(from);
    const after = before && passed(view, node, from, before);
    for (const output of node.outputs) known.set(output, after);
    if (node.outputs.includes(tensor)) return after;
  }
  return known.get(tensor);
}

function passed(view: GraphView, node: GraphNode, from: string, along: Along): Along | undefined {
  const dims = view.shape(from);
  const to = view.shape(node.outputs[0] ?? '');
  switch (node.op) {
    case 'Conv':
    case 'MaxPool':
    case 'AveragePool':
      return windowed(view, node, along, to);
    case 'Transpose': {
      const order = node.attributes.perm;
      return Array.isArray(order) ? { ...along, axis: order.indexOf(along.axis) } : undefined;
    }
    case 'Reshape':
      return cut(dims, to, along);
    case 'Slice':
      return sliced(view, node, dims.length, along);
    case 'Gather': {
      const axis = node.attributes.axis;
      const at = positiveAxis(typeof axis === 'number' ? axis : 0, dims.length);
      return at === along.axis || to.length !== dims.length ? undefined : along;
    }
    case 'Pad':
      return padded(view, node, dims.length, along);
    case 'Resize': {
      const ratio = (dims[along.axis] ?? 1) / (to[along.axis] ?? 1);
      return moved(along, (ratio - 1) / 2, ratio);
    }
    default:
      return to.length === dims.length && to[along.axis] === dims[along.axis] ? along : undefined;
  }
}

/** The centre of place 0 lies at place `start` of the axis before; places are `stride` of its places apart. */
function moved(along: Along, start: number, stride: number): Along {
  return { ...along, first: along.first + start * along.step, step: along.step * stride };
}

function windowed(
  view: GraphView,
  node: GraphNode,
  along: Along,
  to: readonly number[],
): Along | undefined {
  const { strides, pads, dilations, kernel_shape: kernel, auto_pad: automatic } = node.attributes;
  const side = along.axis - 2;
  if (side < 0 || to.length !== 4) return undefined;
  if (automatic !== undefined && automatic !== 'NOTSET' && automatic !== 'VALID') return undefined;
  const at = (values: unknown, i: number, otherwise: number) =>
    Array.isArray(values) ? Number(values[i] ?? otherwise) : otherwise;
  const size = at(kernel, side, view.shape(node.inputs[1] ?? '')[along.axis] ?? 1);
  const reach = (size - 1) * at(dilations, side, 1);
  return moved(along, reach / 2 - at(pads, side, 0), at(strides, side, 1));
}

/** Reshape that keeps the axis, or cuts it into patches of several places each. */
function cut(from: readonly number[], to: readonly number[], along: Along): Along | undefined {
  const before = sizeOf(from.slice(0, along.axis));
  const size = from[along.axis] ?? 1;
  for (const [axis, dim] of to.entries()) {
    if (sizeOf(to.slice(0, axis)) !== before) continue;
    if (dim === size) return { ...along, axis };
    const each = to[axis + 1] ?? 0;
    if (dim * each === size) return { ...moved(along, (each - 1) / 2, each), axis };
  }
  return undefined;
}

function sliced(view: GraphView, node: GraphNode, rank: number, along: Along): Along | undefined {
  const [starts, ends, axes, steps] = [1, 2, 3, 4].map((i) => view.numbers(node.inputs[i]));
  if (!starts || !ends) return undefined;
  const size = view.shape(node.inputs[0] ?? '')[along.axis] ?? 1;
  const at = (axes ?? starts.map((_, i) => i)).findIndex(
    (axis) => positiveAxis(axis, rank) === along.axis,
  );
  if (at === -1) return along;
  const stride = steps?.[at] ?? 1;
  const [start] = sliceRange(size, starts[at] ?? 0, ends[at] ?? size, stride);
  return start === undefined ? undefined : moved(along, start, stride);
}

function padded(view: GraphView, node: GraphNode, rank: number, along: Along): Along | undefined {
  const pads = view.numbers(node.inputs[1]);
  const axes = view.numbers(node.inputs[3])?.map((axis) => positiveAxis(axis, rank));
  if (!pads) return undefined;
  const at = axes ? axes.indexOf(along.axis) : along.axis;
  return at === -1 ? along : moved(along, -(pads[at] ?? 0), 1);
}
