/** In which order a map ranks the patches. */
import { seededRandom, shuffled } from '../../shared/random';

/**
 * Patch indices, the most relevant first. Patches that are equal stand in a random order, since in
 * that of the picture an empty map would take patches away from the top.
 */
export function mostRelevantFirst(values: Float32Array, seed: number): number[] {
  const lot = shuffled(values.length, seededRandom(seed));
  return [...lot].sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0));
}
