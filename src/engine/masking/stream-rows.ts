/** The tokens at the first block of a picture with patches away: rows of those of whole pictures. */
import type { VitStructure } from '../vit/structure';
import { patchesAway, type PatchMask } from './patch-mask';

type OfTokens = Pick<VitStructure, 'prefixTokens' | 'dim'>;

/**
 * @param stream of the picture, `[tokens, D]`
 * @param others of the picture that stands in where patches are away
 * @returns `[tokens, D]`
 */
export function withOthers(
  stream: Float32Array,
  others: Float32Array,
  mask: PatchMask,
  { prefixTokens, dim }: OfTokens,
): Float32Array {
  const rows = Float32Array.from(stream);
  for (const [patch, away] of mask.entries()) {
    const at = (prefixTokens + patch) * dim;
    if (away === 1) rows.set(others.subarray(at, at + dim), at);
  }
  return rows;
}

/** @returns `[tokens that are left, D]` */
export function withoutRows(
  stream: Float32Array,
  mask: PatchMask,
  { prefixTokens, dim }: OfTokens,
): Float32Array {
  const rows = new Float32Array((prefixTokens + mask.length - patchesAway(mask)) * dim);
  rows.set(stream.subarray(0, prefixTokens * dim));
  let end = prefixTokens * dim;
  for (const [patch, away] of mask.entries()) {
    if (away === 1) continue;
    const at = (prefixTokens + patch) * dim;
    rows.set(stream.subarray(at, at + dim), end);
    end += dim;
  }
  return rows;
}
