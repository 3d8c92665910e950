/** How much memory a session takes. */
import { bytesOf, liveBytes } from '../backward/live-bytes';
import type { GraphNode } from '../onnx/graph';
import { operatorOf } from '../ops/catalogue';

interface Sized {
  /** In order. */
  readonly nodes: readonly GraphNode[];
  readonly isConstant: (name: string) => boolean;
  readonly shape: (name: string) => readonly number[];
}

/**
 * In bytes for one class, about: each product holds a copy of its weights, laid out for its kernel,
 * and what is computed is alive until it is read for the last time.
 */
export function sessionBytes({ nodes, isConstant, shape }: Sized): number {
  const folded = new Set<string>();
  const isFixed = (name: string) => name === '' || folded.has(name) || isConstant(name);
  const bytes = (name: string) => bytesOf(shape(name));
  const computed = nodes.filter(({ inputs, outputs }) => {
    if (!inputs.every(isFixed)) return true;
    for (const name of outputs) folded.add(name);
    return false;
  });
  const weights = computed.flatMap(({ op, inputs }) =>
    operatorOf(op).role === 'product' ? inputs.filter((name) => name !== '' && isFixed(name)) : [],
  );
  const packed = weights.reduce((sum, name) => sum + bytes(name), 0);
  return packed + liveBytes(computed, bytes, new Set());
}
