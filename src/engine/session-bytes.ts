/** How much memory a session takes. */
import type { GraphNode } from './onnx/graph';
import { elementSize, sizeOf } from './onnx/tensor-bytes';
import { operatorOf } from './ops/catalogue';

interface Sized {
  /** In order. */
  readonly nodes: readonly GraphNode[];
  readonly isConstant: (name: string) => boolean;
  readonly shape: (name: string) => readonly number[];
}

/**
 * In bytes, about: each product holds a copy of its weights, laid out for its kernel, and what is
 * computed is alive until it is read for the last time.
 */
export function sessionBytes({ nodes, isConstant, shape }: Sized): number {
  const folded = new Set<string>();
  const isFixed = (name: string) => name === '' || folded.has(name) || isConstant(name);
  const bytesOf = (name: string) => elementSize.float32 * sizeOf(shape(name));
  const computed = nodes.filter(({ inputs, outputs }) => {
    if (!inputs.every(isFixed)) return true;
    for (const name of outputs) folded.add(name);
    return false;
  });
  const weights = computed.flatMap(({ op, inputs }) =>
    operatorOf(op).role === 'product' ? inputs.filter((name) => name !== '' && isFixed(name)) : [],
  );
  const packed = weights.reduce((sum, name) => sum + bytesOf(name), 0);
  return packed + mostAlive(computed, bytesOf);
}

/** Of what nodes compute, at the fullest moment. */
function mostAlive(nodes: readonly GraphNode[], bytesOf: (name: string) => number): number {
  // A tensor in another shape is the same memory.
  const roots = new Map<string, string>();
  const rootOf = (name: string) => roots.get(name) ?? name;
  const lastRead = new Map<string, number>();
  for (const [at, { op, inputs, outputs }] of nodes.entries()) {
    if (operatorOf(op).kind === 'view') roots.set(outputs[0] ?? '', rootOf(inputs[0] ?? ''));
    for (const name of inputs) lastRead.set(rootOf(name), at);
  }
  const alive = new Map<string, number>();
  let now = 0;
  let most = 0;
  for (const [at, { inputs, outputs }] of nodes.entries()) {
    for (const name of outputs) {
      if (name === '' || roots.has(name)) continue;
      const bytes = bytesOf(name);
      alive.set(name, bytes);
      now += bytes;
    }
    most = Math.max(most, now);
    for (const name of new Set(inputs.map(rootOf))) {
      if (lastRead.get(name) !== at) continue;
      now -= alive.get(name) ?? 0;
      alive.delete(name);
    }
  }
  return most;
}
