/** Nodes that scale and shift the channels of a picture. */
import type { Constant } from './constant';
import type { GraphNode } from './graph';
import type { Affine, ConstantOf, PictureChannels } from './picture-channels';
import { sizeOf, toNumbers } from './tensor-bytes';

/** What a node does to the values of its input `tensor`; undefined for any that does something else. */
export function affineOf(
  constant: ConstantOf,
  node: GraphNode,
  tensor: string,
  picture: PictureChannels,
): Affine | undefined {
  const at = node.inputs.indexOf(tensor);
  const count = picture.channels.length;
  const ones = new Array<number>(count).fill(1);
  const zeros = new Array<number>(count).fill(0);
  const values = () => perChannel(constant(node.inputs[1 - at]), picture);
  const channelsFirst = picture.axis === 1 && picture.rank === 4 && at === 0;
  switch (node.op) {
    case 'Add':
      return withValues(values(), (shift) => ({ scale: ones, shift }));
    case 'Sub':
      return withValues(values(), (numbers) =>
        at === 0
          ? { scale: ones, shift: numbers.map((value) => -value) }
          : { scale: ones.map(() => -1), shift: numbers },
      );
    case 'Mul':
      return withValues(values(), (scale) => ({ scale, shift: zeros }));
    case 'Div':
      return at === 0
        ? withValues(values(), (numbers) => ({ scale: numbers.map((n) => 1 / n), shift: zeros }))
        : undefined;
    case 'Neg':
      return { scale: ones.map(() => -1), shift: zeros };
    case 'BatchNormalization':
      return channelsFirst ? batchNorm(constant, node, count) : undefined;
    case 'Conv':
      return channelsFirst ? channelConvolution(constant, node, count) : undefined;
    default:
      return undefined;
  }
}

function withValues<Result>(
  values: readonly number[] | undefined,
  make: (values: readonly number[]) => Result,
): Result | undefined {
  return values && make(values);
}

/** One number a channel, of a constant that broadcasts against a picture; undefined for any other. */
function perChannel(
  constant: Constant | undefined,
  { channels, axis, rank }: PictureChannels,
): readonly number[] | undefined {
  if (!constant || constant.dims.length > rank) return undefined;
  // Counted from the back, as broadcasting does.
  const place = axis === undefined ? -1 : constant.dims.length - (rank - axis);
  const own = constant.dims[place] ?? 1;
  if (own !== 1 && own !== channels.length) return undefined;
  const values = toNumbers(constant);
  const inner = place < 0 ? values.length : sizeOf(constant.dims.slice(place + 1));
  const byPlace = Array.from({ length: own }, (_, i) => values[i * inner]);
  const isEven = values.every((value, i) => value === byPlace[Math.floor(i / inner) % own]);
  if (!isEven) return undefined;
  const numbers = channels.flatMap((_, i) => byPlace[own === 1 ? 0 : i] ?? []);
  return numbers.length === channels.length ? numbers : undefined;
}

function batchNorm(
  constant: ConstantOf,
  { inputs, attributes }: GraphNode,
  count: number,
): Affine | undefined {
  const [gamma, beta, mean, variance] = inputs
    .slice(1)
    .map((name) => numbersOf(constant(name), count));
  if (!gamma || !beta || !mean || !variance) return undefined;
  const { epsilon = 1e-5 } = attributes;
  const scale = gamma.map((g, i) => g / Math.sqrt((variance[i] ?? 0) + epsilon));
  return { scale, shift: beta.map((b, i) => b - (mean[i] ?? 0) * (scale[i] ?? 1)) };
}

/** A convolution of one pixel from all channels to as many that does not mix them. */
function channelConvolution(
  constant: ConstantOf,
  { inputs, attributes }: GraphNode,
  count: number,
): Affine | undefined {
  const weight = constant(inputs[1]);
  const [to, from, ...kernel] = weight?.dims ?? [];
  const { group = 1 } = attributes;
  if (to !== count || kernel.some((side) => side !== 1)) return undefined;
  const none = new Array<number>(count).fill(0);
  const bias = (inputs[2] ?? '') === '' ? none : numbersOf(constant(inputs[2]), count);
  if (group === count && from === 1) return withBias(numbersOf(weight, count), bias);
  const matrix = from === count ? numbersOf(weight, count * count) : undefined;
  const isOwn = (i: number) => i % (count + 1) === 0;
  if (!matrix?.every((value, i) => isOwn(i) || value === 0)) return undefined;
  return withBias(
    matrix.filter((_, i) => isOwn(i)),
    bias,
  );
}

function withBias(
  scale: readonly number[] | undefined,
  shift: readonly number[] | undefined,
): Affine | undefined {
  return scale && shift && { scale, shift };
}

function numbersOf(constant: Constant | undefined, count: number): readonly number[] | undefined {
  return constant && sizeOf(constant.dims) === count ? toNumbers(constant) : undefined;
}
