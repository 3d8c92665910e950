/** How much memory a session takes. */
import { bytesOf, liveBytes } from '../backward/live-bytes';
import type { GraphNode } from '../onnx/graph';
import { isProduct } from '../ops/catalogue';

interface Sized {
  /** In order. */
  readonly nodes: readonly GraphNode[];
  readonly isConstant: (name: string) => boolean;
  readonly shape: (name: string) => readonly number[];
}

/**
 * In bytes for one class, about: weights as products hold them, and what is computed is alive until it
 * is read for the last time.
 */
export function sessionBytes(sized: Sized): number {
  const { computed } = folding(sized);
  return packedBytes(sized) + liveBytes(computed, (name) => bytesOf(sized.shape(name)), new Set());
}

/** In bytes: each product holds a copy of its weights, laid out for its kernel. */
export function packedBytes(sized: Sized): number {
  const { computed, isFixed } = folding(sized);
  return computed
    .filter(isProduct)
    .flatMap(({ inputs }) => inputs.filter((name) => name !== '' && isFixed(name)))
    .reduce((sum, name) => sum + bytesOf(sized.shape(name)), 0);
}

/** What a session computes at each run, and which tensors it knows before. */
function folding({ nodes, isConstant }: Sized) {
  const folded = new Set<string>();
  const isFixed = (name: string) => name === '' || folded.has(name) || isConstant(name);
  const computed = nodes.filter(({ inputs, outputs }) => {
    if (!inputs.every(isFixed)) return true;
    for (const name of outputs) folded.add(name);
    return false;
  });
  return { computed, isFixed };
}
