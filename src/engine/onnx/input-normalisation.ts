/** What a graph does to the values of its picture, channel by channel, before anything else. */
import { affineOf } from './channel-arithmetic';
import { concatenated, movedBy } from './channel-layout';
import type { Constant } from './constant';
import type { Graph, GraphNode } from './graph';
import { changed, type Channel, type PictureChannels } from './picture-channels';
import { composed, valuesOf, turned, type Normalisation } from './usual-normalisations';

/** One number for each channel of the input, in its order. */
export type Channels = readonly [number, number, number];

/** A graph that begins with `(x − mean) / deviation`, in the units of its input. */
export interface InputNormalisation {
  readonly mean: Channels;
  readonly deviation: Channels;
  /** What the input must hold for that to come out as pictures are normalised everywhere. */
  readonly range: InputRange;
  /** Its blue channel comes first: those are the numbers of known data sets, the other way round. */
  readonly isBlueFirst: boolean;
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
  for (const node of graph.nodes) {
    for (const input of new Set(node.inputs))
      readers.set(input, [...(readers.get(input) ?? []), node]);
  }
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
  const [first, second, third] = channelsBehind(wiring, input, channelsLast ? 3 : 1);
  if (!first || !second || !third) return undefined;
  const each = (value: (channel: Channel) => number) =>
    [value(first), value(second), value(third)] as const;
  const mean = each(({ scale, shift }) => 0 - shift / scale);
  const deviation = each(({ scale }) => 1 / scale);
  const isPlain = mean.every((value) => value === 0) && deviation.every((value) => value === 1);
  if (!isInteger && isPlain) return undefined;
  const range = isInteger ? '0…255' : rangeOf(mean, deviation);
  if (!range) return undefined;
  const onPhotos = composed(beforeRange[range], { mean, deviation });
  const isBlueFirst = valuesOf(onPhotos) === undefined && valuesOf(turned(onPhotos)) !== undefined;
  return { mean, deviation, range, isBlueFirst };
}

/** How bytes become the values of a range. */
export const beforeRange: Readonly<Record<InputRange, Normalisation & { rescale: number }>> = {
  '0…1': { rescale: 1 / 255, mean: [0, 0, 0], deviation: [1, 1, 1] },
  '0…255': { rescale: 1, mean: [0, 0, 0], deviation: [1, 1, 1] },
  '−1…1': { rescale: 1 / 255, mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5] },
};

/** `(x − mean) / deviation` tells what x is: a mean picture is grey, and its deviation a part of the range. */
function rangeOf(mean: Channels, deviation: Channels): InputRange | undefined {
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
  // A deviation about 1 is that of values which are normalised already.
  if (all((m, d) => Math.abs(m) < 0.35 && d > 0.22 && d < 0.75 && m !== 0)) return '−1…1';
  if (all((m, d) => near(m, -1) && near(d, 2))) return '−1…1';
  return undefined;
}

/**
 * What became of each channel of the input, in its order, up to the last tensor that holds them all and
 * nothing else.
 */
function channelsBehind(wiring: Wiring, input: string, axis: number): readonly Channel[] {
  const channels = [0, 1, 2].map((from) => ({ from, scale: 1, shift: 0 }));
  const pictures = new Map<string, PictureChannels>([[input, { channels, axis, rank: 4 }]]);
  let front: readonly string[] = [input];
  let last: readonly Channel[] = channels;
  for (;;) {
    const here = new Map(front.flatMap((tensor) => pictureAt(pictures, tensor)));
    const next = [...new Set(front.flatMap((tensor) => behind(wiring, here, pictures, tensor)))];
    if (next.every((tensor) => front.includes(tensor))) return last;
    front = next;
    const [only, another] = front;
    const whole = another === undefined ? inOrder(pictures.get(only ?? '')) : undefined;
    if (whole) last = whole;
  }
}

function inOrder(picture: PictureChannels | undefined): readonly Channel[] | undefined {
  const sorted = picture?.channels.toSorted((a, b) => a.from - b.from);
  const isWhole = sorted?.length === 3 && sorted.every(({ from }, i) => from === i);
  return isWhole ? sorted : undefined;
}

function pictureAt(
  pictures: ReadonlyMap<string, PictureChannels>,
  tensor: string,
): [string, PictureChannels][] {
  const picture = pictures.get(tensor);
  return picture ? [[tensor, picture]] : [];
}

/** The tensors made from one, where each is a picture too; otherwise the tensor itself. */
function behind(
  wiring: Wiring,
  here: ReadonlyMap<string, PictureChannels>,
  pictures: Map<string, PictureChannels>,
  tensor: string,
): readonly string[] {
  const readers = wiring.readers(tensor).filter(({ op }) => op !== 'Shape');
  const made = readers.map((node) => ({
    outputs: node.outputs,
    held: afterNode(wiring, here, node, tensor),
  }));
  if (made.length === 0 || made.some(({ held }) => !held)) return [tensor];
  for (const { outputs, held = [] } of made)
    for (const [i, picture] of held.entries()) pictures.set(outputs[i] ?? '', picture);
  return made.flatMap(({ outputs, held = [] }) => outputs.slice(0, held.length));
}

/**
 * What the outputs of a node hold, where that are channels of the picture and nothing else.
 * @param pictures the tensors up to which all branches have been followed
 */
function afterNode(
  { constant }: Wiring,
  pictures: ReadonlyMap<string, PictureChannels>,
  node: GraphNode,
  tensor: string,
): readonly PictureChannels[] | undefined {
  if (node.op === 'Concat') {
    const parts = node.inputs.map((name) => pictures.get(name));
    const whole = parts.every((part) => part !== undefined) && concatenated(node, parts);
    return whole ? [whole] : undefined;
  }
  const picture = pictures.get(tensor);
  if (!picture) return undefined;
  const affine = affineOf(constant, node, tensor, picture);
  return affine ? [changed(picture, affine)] : movedBy(constant, node, picture);
}
