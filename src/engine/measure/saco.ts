/** Salience-guided faithfulness coefficient (Wu et al.: On the Faithfulness of Vision Transformer Explanations, CVPR 2024). */

/** Groups of patches of about the same number, as in the paper. */
export const sacoGroups = 10;

/** Of float32 probabilities after a forward run. */
const rounding = 1e-6;

/**
 * Whether groups that a map calls more salient matter as much more: over all pairs i < j of groups,
 * the most salient first, Σ ±(s_i − s_j) / Σ |s_i − s_j|, plus where d_i ≥ d_j.
 * @param saliences s, the sum of the map in each group
 * @param drops d, by how much the probability falls when that group alone is away
 * @returns −1 … 1; 0 for a map that tells no groups apart, and where no group matters more than another
 */
export function salienceFaithfulness(
  saliences: readonly number[],
  drops: readonly number[],
): number {
  let sum = 0;
  let total = 0;
  for (const [i, salience] of saliences.entries()) {
    for (let j = i + 1; j < saliences.length; j++) {
      const weight = salience - (saliences[j] ?? 0);
      sum += (drops[i] ?? 0) >= (drops[j] ?? 0) ? weight : -weight;
      total += Math.abs(weight);
    }
  }
  return total === 0 || areAlike(drops) ? 0 : sum / total;
}

/** Ties count for the map, so groups that differ by rounding alone would make any map perfect. */
function areAlike(drops: readonly number[]): boolean {
  const highest = Math.max(...drops);
  const lowest = Math.min(...drops);
  return highest - lowest <= rounding * Math.max(1, Math.abs(highest), Math.abs(lowest));
}

/** Where each group begins in the order of the patches, and the number of all behind the last. */
export function groupBounds(patches: number): number[] {
  const groups = Math.min(sacoGroups, patches);
  return Array.from({ length: groups + 1 }, (_, i) => Math.round((i * patches) / groups));
}
