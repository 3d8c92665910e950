/** Nodes that leave the values of a picture what they are, but move its pixels, channels or axes about. */
import type { Argument } from '../ops/arguments';
import { positiveAxis } from '../ops/axes';
import { integersOf } from '../ops/catalogue';
import type { Constant } from './constant';
import type { GraphNode } from './graph';
import { picked, type ConstantOf, type PictureChannels } from './picture-channels';
import { toNumbers } from './tensor-bytes';

/** Operators that take each value from those about it, within its channel. */
const passing: ReadonlySet<string> = new Set([
  'AveragePool',
  'Cast',
  'Clip',
  'Dropout',
  'Identity',
  'MaxPool',
  'Pad',
  'Resize',
  'Upsample',
]);

/** What the outputs of a node hold that reads one picture; undefined where that is none, or not known. */
export function movedBy(
  constant: ConstantOf,
  node: GraphNode,
  picture: PictureChannels,
): readonly PictureChannels[] | undefined {
  if (passing.has(node.op)) return [picture];
  if (node.op === 'Split') return split(node, picture);
  const moved = movers.get(node.op)?.({
    node,
    picture,
    axis: positiveAxis(node.attributes.axis ?? 0, picture.rank),
    constant: (place) => constant(node.inputs[place]),
    integers: (argument) =>
      integersOf(node, argument, (tensor) => {
        const given = constant(tensor);
        return given && given.data.byteLength <= 64 ? toNumbers(given) : undefined;
      }),
  });
  return moved && [moved];
}

interface Move {
  readonly node: GraphNode;
  readonly picture: PictureChannels;
  /** What the node's attribute says, 0 where it says nothing. */
  readonly axis: number;
  readonly constant: (place: number) => Constant | undefined;
  readonly integers: (argument: Argument) => readonly number[] | undefined;
}

const movers: ReadonlyMap<string, (move: Move) => PictureChannels | undefined> = new Map([
  ['Transpose', transposed],
  ['Gather', gathered],
  ['Slice', sliced],
  ['Unsqueeze', unsqueezed],
  ['Squeeze', squeezed],
  ['Reshape', reshaped],
]);

function transposed({ node, picture }: Move): PictureChannels | undefined {
  const { perm } = node.attributes;
  const { axis } = picture;
  return perm && { ...picture, axis: axis === undefined ? undefined : perm.indexOf(axis) };
}

function gathered({ picture, axis, constant, integers }: Move): PictureChannels | undefined {
  const places = integers('indices');
  if (!places || axis !== picture.axis) return undefined;
  const taken = picked(picture, places);
  // A single index takes the axis away.
  const isScalar = constant(1)?.dims.length === 0;
  return taken && isScalar ? { ...taken, axis: undefined, rank: taken.rank - 1 } : taken;
}

function sliced({ picture, integers }: Move): PictureChannels | undefined {
  const [starts, ends] = [integers('starts'), integers('ends')];
  if (!starts || !ends) return undefined;
  const axes = integers('axes') ?? starts.map((_, i) => i);
  const at = axes.findIndex((axis) => positiveAxis(axis, picture.rank) === picture.axis);
  if (at < 0) return picture;
  const count = picture.channels.length;
  const step = integers('steps')?.[at] ?? 1;
  const within = (end: number) =>
    Math.min(Math.max(positiveAxis(end, count), step < 0 ? -1 : 0), step < 0 ? count - 1 : count);
  const [first, end] = [within(starts[at] ?? 0), within(ends[at] ?? 0)];
  const length = Math.max(0, Math.ceil((end - first) / step));
  return picked(
    picture,
    Array.from({ length }, (_, i) => first + i * step),
  );
}

/** The channels in equal parts, or in those that are given. */
function split(node: GraphNode, picture: PictureChannels): PictureChannels[] | undefined {
  const count = picture.channels.length;
  const axis = positiveAxis(node.attributes.axis ?? 0, picture.rank);
  // Three parts of three channels are one each, however their sizes are given.
  if (axis !== picture.axis || node.outputs.length !== count) return undefined;
  return picture.channels.map((channel) => ({ ...picture, channels: [channel] }));
}

function unsqueezed({ picture, integers }: Move): PictureChannels | undefined {
  const [given, another] = integers('axes') ?? [];
  if (given === undefined || another !== undefined) return undefined;
  const rank = picture.rank + 1;
  const at = positiveAxis(given, rank);
  if (picture.axis === undefined) return { ...picture, axis: at, rank };
  return { ...picture, axis: at <= picture.axis ? picture.axis + 1 : picture.axis, rank };
}

function squeezed({ picture, integers }: Move): PictureChannels | undefined {
  const [given, another] = integers('axes') ?? [];
  if (given === undefined || another !== undefined || picture.axis === undefined) return undefined;
  const rank = picture.rank - 1;
  const at = positiveAxis(given, picture.rank);
  if (at === picture.axis) return { ...picture, axis: undefined, rank };
  return { ...picture, axis: at < picture.axis ? picture.axis - 1 : picture.axis, rank };
}

/** A new shape that keeps the channels on the axis behind the pictures, or on the last. */
function reshaped({ picture, integers }: Move): PictureChannels | undefined {
  const target = integers('shape');
  if (!target) return undefined;
  const count = picture.channels.length;
  const [rank, last] = [target.length, target.length - 1];
  // 0 is the side before, and NaN one that was read off the picture.
  const isSame = (at: number) => at === picture.axis && !target[at];
  const isKept = (at: number) => target[at] === count || isSame(at);
  if (count === 1) return { ...picture, axis: [1, last].find(isKept), rank };
  if (picture.axis === 1 && isKept(1)) return { ...picture, rank };
  const isLast = picture.axis === picture.rank - 1 && last > 1;
  return isLast && isKept(last) ? { ...picture, axis: last, rank } : undefined;
}

/** Several parts of a picture one behind the other; undefined where they are laid out differently. */
export function concatenated(
  node: GraphNode,
  parts: readonly PictureChannels[],
): PictureChannels | undefined {
  const [first] = parts;
  if (!first || parts.some(({ axis, rank }) => axis !== first.axis || rank !== first.rank))
    return undefined;
  if (positiveAxis(node.attributes.axis ?? 0, first.rank) !== first.axis) return undefined;
  return { ...first, channels: parts.flatMap(({ channels }) => channels) };
}
