/** Where the pictures of a batch stand in the tensors of a graph. */
import type { Dims } from '../ops/axes';
import { agreed, domainOnAxis, forget } from './axis-domain';
import { follow } from './follow';
import type { GraphNode } from './graph';
import type { GraphView } from './graph-view';
import { sizeOf } from './tensor-bytes';

/**
 * An axis that runs over the pictures of a batch, maybe over something else too: the picture changes every
 * `inner` places.
 */
export interface BatchAxis {
  readonly axis: number;
  readonly inner: number;
}

/**
 * The axis of the pictures in every tensor that holds several.
 * @param batch pictures in each of the graph's inputs
 * @param mixed told of a node that mixes pictures, or is not known; throws
 */
export function followBatch(
  view: GraphView,
  batch: number,
  mixed: (node: GraphNode) => never,
): ReadonlyMap<string, BatchAxis> {
  const agree = (a: BatchAxis, b: BatchAxis) => a.inner === b.inner;
  const domain = domainOnAxis<BatchAxis>({
    agree,
    along: forget,
    flat: (fact, from, to) => reshaped(from, to, fact, batch),
    joined: forget,
    taken: forget,
    reduced: forget,
    window: forget,
    product: (sides) => agreed(sides, agree),
  });
  const start = view.graph.inputs.map(({ name }) => [name, { axis: 0, inner: 1 }] as const);
  return follow(view, domain, start, { lost: mixed });
}

/** The pictures are every `stride`-th element of the flat tensor, before and behind. */
function reshaped(
  from: Dims,
  to: Dims,
  { axis, inner }: BatchAxis,
  batch: number,
): BatchAxis | undefined {
  const stride = sizeOf(from.slice(axis + 1)) * inner;
  for (const [i, dim] of to.entries()) {
    const places = stride / sizeOf(to.slice(i + 1));
    if (Number.isInteger(places) && dim % (places * batch) === 0) return { axis: i, inner: places };
  }
  return undefined;
}
