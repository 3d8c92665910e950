/** What tensors take while a graph is computed in a given order. */
import type { GraphNode } from '../onnx/graph';
import { operatorOf } from '../ops/catalogue';
import { classAxisPlaceholder } from './tape';

/** Bytes of a float32 tensor for so many classes. */
export function bytesOf(shape: readonly number[], classes = 1): number {
  const size = (dim: number) =>
    dim > 0 && dim % classAxisPlaceholder === 0 ? (dim / classAxisPlaceholder) * classes : dim;
  return shape.reduce((bytes, dim) => bytes * size(dim), 4);
}

/**
 * The most that is alive at once of what the nodes make; what they only read is not counted.
 * @param bytes of a tensor
 * @param kept tensors that stay to the end
 */
export function liveBytes(
  nodes: readonly GraphNode[],
  bytes: (tensor: string) => number,
  kept: ReadonlySet<string>,
): number {
  // Another shape of a tensor is the same memory.
  const owners = new Map<string, string>();
  const ownerOf = (name: string) => owners.get(name) ?? name;
  const readers = new Map<string, number>();
  for (const node of nodes) {
    if (operatorOf(node.op).kind === 'view')
      for (const name of node.outputs) owners.set(name, ownerOf(node.inputs[0] ?? ''));
    for (const name of node.inputs.map(ownerOf)) readers.set(name, (readers.get(name) ?? 0) + 1);
  }
  const stays = new Set([...kept].map(ownerOf));
  const alive = new Map<string, number>();
  let live = 0;
  let most = 0;
  const letGo = (name: string) => {
    live -= alive.get(name) ?? 0;
    alive.delete(name);
  };
  for (const node of nodes) {
    for (const name of node.outputs) {
      if (name === '' || ownerOf(name) !== name) continue;
      const size = bytes(name);
      alive.set(name, size);
      live += size;
    }
    most = Math.max(most, live);
    for (const name of node.inputs.map(ownerOf)) {
      const left = (readers.get(name) ?? 1) - 1;
      readers.set(name, left);
      if (left === 0 && !stays.has(name)) letGo(name);
    }
    for (const name of node.outputs)
      if (!readers.has(ownerOf(name)) && !stays.has(name)) letGo(name);
  }
  return most;
}
