/** What a graph does to the values of its picture, channel by channel, before anything else. */
import type { Constant, Graph, GraphNode } from './graph';
import { positiveAxis } from './infer-shape';
import { toNumbers } from './tensor-bytes';

export type Channels = readonly [red: number, green: number, blue: number];

/** A graph that begins with `(x − mean) / deviation`, in the units of its input. */
export interface InputNormalisation {
  readonly mean: Channels;
  readonly deviation: Channels;
  /** What the input must hold for that to come out as pictures are normalised everywhere. */
  readonly range: InputRange;
}

export type InputRange = '0…1' | '0…255' | '−1…1';

/** How a graph is wired, as far as it is known. */
export interface Wiring {
  readonly readers: (tensor: string) => readonly GraphNode[];
  /** A constant, also one that is only passed on or laid out in another way. */
  readonly constant: (tensor: string | undefined) => Constant | undefined;
}

export function wiringOf(graph: Graph): Wiring {
  const readers = new Map<string, GraphNode[]>();
  for (const node of graph.nodes)
    for (const input of new Set(node.inputs))
      readers.set(input, [...(readers.get(input) ?? []), node]);
  return {
    readers: (tensor) => readers.get(tensor) ?? [],
    constant: (tensor) => graph.constants.get(tensor ?? ''),
  };
}

/**
 * @param input holds `[1, 3, H, W]`, or the channels last
 * @param isInteger the input takes whole numbers, so it takes 0 … 255
 * @returns undefined where nothing is done, or nothing that is known for a normalisation
 */
export function inputNormalisation(
  wiring: Wiring,
  input: string,
  { channelsLast = false, isInteger = false } = {},
): InputNormalisation | undefined {
  const { scale, shift } = affineBehind(wiring, input, channelsLast ? 3 : 1);
  const plain = scale.every((factor) => factor === 1) && shift.every((value) => value === 0);
  if (!isInteger && plain) return undefined;
  const mean = shift.map((value, i) => 0 - value / (scale[i] ?? 1));
  const deviation = scale.map((factor) => 1 / factor);
  const range = isInteger ? '0…255' : rangeOf(mean, deviation);
  return range && { mean: channels(mean), deviation: channels(deviation), range };
}

function channels([red = 0, green = 0, blue = 0]: readonly number[]): Channels {
  return [red, green, blue];
}

/** `(x − mean) / deviation` tells what x is: a mean picture is grey, and its deviation a part of the range. */
function rangeOf(mean: readonly number[], deviation: readonly number[]): InputRange | undefined {
  const all = (fits: (mean: number, deviation: number) => boolean) =>
    mean.every((value, i) => fits(value, deviation[i] ?? 0));
  // Normalised values span 1 (rescaled only) to 9 (a deviation of 0.11), or whole bytes (a mean subtracted only).
  const spans = (range: number, deviation: number) => {
    const span = range / deviation;
    return (span > 0.9 && span < 9) || (span > 200 && span < 300);
  };
  const near = (value: number, other: number) => Math.abs(value / other - 1) < 0.05;
  if (all((m, d) => m > 0.1 && m < 0.9 && spans(1, d))) return '0…1';
  if (all((m, d) => m > 25 && m < 230 && spans(255, d))) return '0…255';
  if (all((m, d) => m === 0 && near(d, 255))) return '0…255';
  if (all((m, d) => Math.abs(m) < 0.35 && d > 0.22 && d < 1.3 && m !== 0)) return '−1…1';
  if (all((m, d) => near(m, -1) && near(d, 2))) return '−1…1';
  return undefined;
}

interface Affine {
  readonly scale: readonly number[];
  readonly shift: readonly number[];
}

/** Operators that leave the values what they are, or move pixels about. */
const passing: ReadonlySet<string> = new Set([
  'Cast',
  'Clip',
  'Dropout',
  'Identity',
  'Pad',
  'Resize',
  'Upsample',
]);

/** The product of all scalings and shifts behind a tensor up to the first other node, by channel of the input. */
function affineBehind(wiring: Wiring, input: string, channelAxis: number): Affine {
  let scale = [1, 1, 1];
  let shift = [0, 0, 0];
  /** Which channel of the input stands at each place. */
  let order = [0, 1, 2];
  let axis = channelAxis;
  let tensor = input;
  for (;;) {
    const [node, another] = wiring.readers(tensor).filter(({ op }) => op !== 'Shape');
    if (!node || another) break;
    const step = affineOf(wiring, node, tensor, axis);
    const moved = reordered(wiring, node, order, axis);
    if (step) {
      const at = (values: readonly number[], channel: number) =>
        values[order.indexOf(channel)] ?? NaN;
      shift = shift.map((value, i) => value * at(step.scale, i) + at(step.shift, i));
      scale = scale.map((value, i) => value * at(step.scale, i));
    } else if (moved) order = moved;
    else if (node.op === 'Transpose') {
      const { perm } = node.attributes;
      if (!Array.isArray(perm)) break;
      axis = perm.map(Number).indexOf(axis);
    } else if (!passing.has(node.op)) break;
    tensor = node.outputs[0] ?? '';
  }
  return { scale, shift };
}

/** The scaling and shift of one node, by place of the channel. */
function affineOf(
  wiring: Wiring,
  node: GraphNode,
  tensor: string,
  axis: number,
): Affine | undefined {
  const at = node.inputs.indexOf(tensor);
  const other = node.inputs[1 - at];
  const values = () => perChannel(wiring.constant(other), axis);
  const ones = [1, 1, 1];
  const zeros = [0, 0, 0];
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
    case 'BatchNormalization':
      return axis === 1 ? batchNorm(wiring, node) : undefined;
    case 'Conv':
      return axis === 1 ? channelConvolution(wiring, node) : undefined;
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
function perChannel(constant: Constant | undefined, axis: number): readonly number[] | undefined {
  if (!constant || constant.data.byteLength > 64) return undefined;
  const values = toNumbers(constant);
  const [only] = values;
  if (values.length === 1 && only !== undefined) return [only, only, only];
  // Counted from the back, as broadcasting does.
  const place = constant.dims.length - (4 - axis);
  return values.length === 3 && constant.dims[place] === 3 ? values : undefined;
}

function batchNorm(wiring: Wiring, { inputs, attributes }: GraphNode): Affine | undefined {
  const [gamma, beta, mean, variance] = inputs
    .slice(1)
    .map((name) => numbersOf(wiring.constant(name), 3));
  if (!gamma || !beta || !mean || !variance) return undefined;
  const { epsilon = 1e-5 } = attributes;
  const scale = gamma.map((g, i) => g / Math.sqrt((variance[i] ?? 0) + Number(epsilon)));
  return { scale, shift: beta.map((b, i) => b - (mean[i] ?? 0) * (scale[i] ?? 1)) };
}

/** A convolution of one pixel from three channels to three that does not mix them. */
function channelConvolution(wiring: Wiring, { inputs, attributes }: GraphNode): Affine | undefined {
  const weight = wiring.constant(inputs[1]);
  const [to, from, ...kernel] = weight?.dims ?? [];
  const { group = 1 } = attributes;
  if (to !== 3 || kernel.some((side) => side !== 1)) return undefined;
  const bias = (inputs[2] ?? '') === '' ? [0, 0, 0] : numbersOf(wiring.constant(inputs[2]), 3);
  if (group === 3 && from === 1) return withBias(numbersOf(weight, 3), bias);
  const matrix = from === 3 ? numbersOf(weight, 9) : undefined;
  if (!matrix?.every((value, i) => i % 4 === 0 || value === 0)) return undefined;
  return withBias(
    matrix.filter((_, i) => i % 4 === 0),
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
  if (!constant || constant.data.byteLength > 128) return undefined;
  const values = toNumbers(constant);
  return values.length === count ? values : undefined;
}

/** The channels behind a node that changes their order (from red first to blue first). */
function reordered(
  wiring: Wiring,
  { op, inputs, attributes }: GraphNode,
  order: readonly number[],
  axis: number,
): number[] | undefined {
  const integers = (i: number) => {
    const constant = wiring.constant(inputs[i]);
    return constant && constant.data.byteLength <= 64 ? toNumbers(constant) : undefined;
  };
  if (op === 'Gather') {
    const places = integers(1);
    const along = positiveAxis(Number(attributes.axis ?? 0), 4);
    if (along !== axis || places?.length !== 3) return undefined;
    return places.map((place) => order[positiveAxis(place, 3)] ?? 0);
  }
  if (op !== 'Slice') return undefined;
  const [axes, steps] = [integers(3), integers(4)];
  const backwards =
    axes?.length === 1 && positiveAxis(axes[0] ?? 0, 4) === axis && steps?.[0] === -1;
  return backwards ? order.toReversed() : undefined;
}
