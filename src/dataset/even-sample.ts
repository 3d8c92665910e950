import { seededRandom, shuffled } from '../shared/random';
import { byCodeUnits } from './sample';

/** Every draw of so many pictures of a dataset is the same one. */
const seed = 13;

/**
 * As many samples as asked for, evenly over the labels: one of each label in turn, each label's own
 * in a seeded random order. In the order in which they were given.
 */
export function evenSample<Sample extends { readonly label?: string | undefined }>(
  samples: readonly Sample[],
  count: number,
): readonly Sample[] {
  if (count >= samples.length) return samples;
  const byLabel = new Map<string, number[]>();
  samples.forEach(({ label = '' }, index) => {
    const places = byLabel.get(label);
    if (places === undefined) byLabel.set(label, [index]);
    else places.push(index);
  });
  const random = seededRandom(seed);
  const ranked = [...byLabel]
    .sort(([a], [b]) => byCodeUnits(a, b))
    .flatMap(([, places]) => {
      const order = shuffled(places.length, random);
      const chance = random();
      return [...order].map((place, turn) => ({ index: places[place] ?? 0, turn, chance }));
    })
    .sort((a, b) => a.turn - b.turn || a.chance - b.chance);
  const drawn = new Set(ranked.slice(0, count).map(({ index }) => index));
  return samples.filter((_, index) => drawn.has(index));
}
