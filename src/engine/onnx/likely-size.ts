/** The input size that a model was most likely trained with, where its file leaves the size open. */
import { AttributeProto_AttributeType as AttributeType } from './onnx_pb';
import type { GraphProto, NodeProto } from './onnx_pb';

export type ImageSize = readonly [height: number, width: number];

/** Where nothing tells. */
export const usualSize: ImageSize = [224, 224];

/** A size that an open model's position embedding was made for. */
export interface LikelySize {
  readonly size: ImageSize;
  /** What it rests on, as a clause. */
  readonly reason: string;
  /** True if no other size runs: the positions are added as they are, not resized in the graph. */
  readonly only: boolean;
  /** True if this size gives as many patches as there are positions. */
  readonly fits: (size: ImageSize) => boolean;
}

/** Class and register tokens are few. */
const mostPrefixTokens = 9;

/**
 * A guess from the position embedding: the only weight `[T, D]`, `[1, T, D]` or `[1, rows, columns, D]` whose D
 * is that of a convolution. It only chooses the size to try; what the tokens are is found in the graph.
 * @param fixed height or width that the file does fix
 */
export function likelySize(
  graph: GraphProto,
  fixed: readonly [height: number | undefined, width: number | undefined] = [undefined, undefined],
): LikelySize | undefined {
  const dims = shapesOfWeights(graph);
  const convolutions = graph.node.filter(({ opType }) => opType === 'Conv');
  const last = convolutions.findIndex((node) => positions(graph, dims, featuresOf(node, dims)));
  const patch = convolutions[last];
  const found = patch && positions(graph, dims, featuresOf(patch, dims));
  if (!found) return undefined;
  const sides = [0, 1].map((side) => alongSide(convolutions.slice(0, last + 1), dims, side));
  const [down, across] = sides;
  if (!down || !across) return undefined;
  const known = [down, across].map(({ count }, i) =>
    fixed[i] === undefined ? undefined : count(fixed[i]),
  );
  const [rows, columns] = found.grid ?? gridOf(found.tokens, known[0], known[1]);
  const size: ImageSize = [fixed[0] ?? down.pixels(rows), fixed[1] ?? across.pixels(columns)];
  return {
    size,
    reason: `the file leaves it open, and its ${found.tokens} positions fit ${rows} × ${columns} patches`,
    only: !isResized(graph, found.name),
    fits: ([height, width]) => {
      const rest = found.tokens - down.count(height) * across.count(width);
      return rest >= 0 && rest <= mostPrefixTokens;
    },
  };
}

function shapesOfWeights(graph: GraphProto): Map<string, number[]> {
  const dims = new Map(graph.initializer.map((tensor) => [tensor.name, tensor.dims.map(Number)]));
  for (const { opType, input, output, attribute } of graph.node) {
    const [name = ''] = output;
    const value = opType === 'Constant' ? attribute.find(({ t }) => t)?.t : undefined;
    const passed = opType === 'Identity' ? dims.get(input[0] ?? '') : undefined;
    const shape = value?.dims.map(Number) ?? passed;
    if (shape) dims.set(name, shape);
  }
  return dims;
}

function featuresOf({ input }: NodeProto, dims: ReadonlyMap<string, number[]>): number | undefined {
  return dims.get(input[1] ?? '')?.[0];
}

interface Positions {
  readonly name: string;
  readonly tokens: number;
  readonly grid: readonly [rows: number, columns: number] | undefined;
}

/** The only weight that can be the position embedding of tokens with so many features. */
function positions(
  graph: GraphProto,
  dims: ReadonlyMap<string, number[]>,
  features: number | undefined,
): Positions | undefined {
  const read = new Set(
    graph.node.flatMap(({ opType, input }) =>
      opType === 'Add' ? input : opType === 'Gather' ? input.slice(0, 1) : [],
    ),
  );
  const found: Positions[] = [];
  for (const [name, shape] of dims) {
    if (shape.at(-1) !== features || shape.length < 2) continue;
    const [rows = 0, columns = 0] = shape.length === 4 ? shape.slice(1) : [];
    const isBatched = shape.length > 2 && shape[0] === 1;
    if (shape.length === 4 && isBatched && rows * columns > mostPrefixTokens)
      found.push({ name, tokens: rows * columns, grid: [rows, columns] });
    const tokens = (shape.length === 3 ? shape[1] : shape[0]) ?? 0;
    const isList = (shape.length === 3 && isBatched) || (shape.length === 2 && read.has(name));
    if (isList && tokens > mostPrefixTokens) found.push({ name, tokens, grid: undefined });
  }
  const [first, ...others] = found;
  return others.every(({ tokens }) => tokens === first?.tokens) ? first : undefined;
}

interface Side {
  /** Pixels of so many patches. */
  readonly pixels: (patches: number) => number;
  /** Patches of so many pixels. */
  readonly count: (pixels: number) => number;
}

/** How convolutions one behind the other cut a side of the picture. */
function alongSide(
  convolutions: readonly NodeProto[],
  dims: ReadonlyMap<string, number[]>,
  side: number,
): Side | undefined {
  const steps = convolutions.map((node) => {
    const kernel = dims.get(node.input[1] ?? '')?.[side + 2];
    const strides = integers(node, 'strides');
    const pads = integers(node, 'pads');
    const padding = (pads?.[side] ?? 0) + (pads?.[side + 2] ?? 0);
    return kernel === undefined ? undefined : { kernel, stride: strides?.[side] ?? 1, padding };
  });
  if (steps.some((step) => step === undefined)) return undefined;
  const known = steps.filter((step) => step !== undefined);
  return {
    pixels: (patches) =>
      known.reduceRight(
        (size, { kernel, stride, padding }) =>
          // A stem with padding halves the side; without padding the kernel fills it.
          padding > 0 ? size * stride : (size - 1) * stride + kernel,
        patches,
      ),
    count: (pixels) =>
      known.reduce(
        (size, { kernel, stride, padding }) => Math.floor((size + padding - kernel) / stride) + 1,
        pixels,
      ),
  };
}

function integers({ attribute }: NodeProto, name: string): number[] | undefined {
  return attribute
    .find((candidate) => candidate.name === name && candidate.type === AttributeType.INTS)
    ?.ints.map(Number);
}

/** The grid of so many tokens: what a fixed side leaves, a square, or else as near to one as can be. */
function gridOf(
  tokens: number,
  rows: number | undefined,
  columns: number | undefined,
): readonly [number, number] {
  if (rows !== undefined) return [rows, Math.floor(tokens / rows)];
  if (columns !== undefined) return [Math.floor(tokens / columns), columns];
  const side = Math.floor(Math.sqrt(tokens));
  if (tokens - side * side <= mostPrefixTokens) return [side, side];
  // One class token, or none.
  const [patches = tokens] = [tokens - 1, tokens].filter((count) => divisor(count) > 1);
  return [divisor(patches), patches / divisor(patches)];
}

/** The largest divisor that is not above the square root. */
function divisor(count: number): number {
  for (let i = Math.floor(Math.sqrt(count)); i > 1; i--) if (count % i === 0) return i;
  return 1;
}

/** True if a weight goes through a Resize before it is added. */
function isResized(graph: GraphProto, name: string): boolean {
  const reached = new Set([name]);
  for (const { opType, input, output } of graph.node) {
    if (!input.some((each) => reached.has(each)) || opType === 'Add') continue;
    if (opType === 'Resize' || opType === 'Upsample') return true;
    for (const each of output) reached.add(each);
  }
  return false;
}
