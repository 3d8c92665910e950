/** Whether the tokens keep their places from block to block, and attention is between tokens. */
import { domainOnAxis, forget, keep } from '../onnx/axis-domain';
import { follow } from '../onnx/follow';
import type { GraphView } from '../onnx/graph-view';
import { notAVit } from './not-a-vit';
import type { Block } from './structure';

/** The axis of a tensor that has one slice for each token, and which token stands where (-1: another one). */
export interface Order {
  readonly axis: number;
  readonly tokens: readonly number[];
}

const domain = domainOnAxis<Order>({
  agree: ({ tokens }, other) =>
    tokens === other.tokens ||
    (tokens.length === other.tokens.length &&
      tokens.every((token, i) => token === other.tokens[i])),
  along: keep,
  flat: forget,
  joined: (operands, axis) => ({
    axis,
    tokens: operands.flatMap(
      ({ fact, dims }) => fact?.tokens ?? new Array<number>(dims[axis] ?? 0).fill(-1),
    ),
  }),
  taken: ({ axis, tokens }, places) => ({ axis, tokens: places.map((i) => tokens[i] ?? -1) }),
  reduced: forget,
  window: forget,
  // Rows of a product are rows of its left side, columns are columns of its right side.
  product: ([first]) => first,
});

/**
 * The tokens of a stream `[1, T, D]` in every tensor in which they can be followed.
 * @param stream input of the first block
 */
export function followTokens(view: GraphView, stream: string): ReadonlyMap<string, Order> {
  const count = view.shape(stream)[1] ?? 0;
  const start = { axis: 1, tokens: Array.from({ length: count }, (_, i) => i) };
  return follow(view, domain, [[stream, start]]);
}

/**
 * Checks the tokens from the first block through all of them. What cannot be followed (a convolution
 * over the grid inside a block) is left unchecked.
 * @throws EngineError `model-not-a-vit` if tokens change places between blocks, or if an attention weighs
 * channels instead of tokens.
 */
export function requireTokensInPlace(
  view: GraphView,
  blocks: readonly Block[],
  orders: ReadonlyMap<string, Order>,
): void {
  for (const { context, attention } of blocks) {
    const order = orders.get(context);
    if (order && order.axis !== view.shape(context).length - 2)
      throw notAVit(`the attention “${attention}” weighs channels, not tokens.`);
  }
  for (const stream of blocks.flatMap((block) => [block.input, block.output])) {
    const order = orders.get(stream);
    if (!order) continue;
    if (order.axis !== 1 || order.tokens.some((token, i) => token !== -1 && token !== i))
      throw notAVit(`its tokens change places between two blocks (before “${stream}”).`);
  }
}
