/** Numbers that no training gives: squared and summed, they may overflow where nobody sees it. */
import type { Graph } from './graph';

/** Far above all weights of trained models, far below what float32 holds of products of several. */
const extreme = 2 ** 17;

/** Whether a float32 constant or an attribute of the graph holds one. */
export function hasExtremeNumbers({ nodes, constants }: Graph): boolean {
  return (
    nodes.some(({ attributes }) => Object.values(attributes).some(isExtremeAttribute)) ||
    [...constants.values()].some(({ type, data }) => type === 'float32' && holdsExtreme(data))
  );
}

function isExtremeAttribute(value: unknown): boolean {
  return typeof value === 'number' && Math.abs(value) >= extreme;
}

/** By the exponent alone, for a constant lies anywhere in a file (little-endian). */
function holdsExtreme(data: Uint8Array): boolean {
  const topByte = (127 + Math.log2(extreme)) >> 1;
  for (let at = 3; at < data.length; at += 4) if (((data[at] ?? 0) & 0x7f) >= topByte) return true;
  return false;
}
