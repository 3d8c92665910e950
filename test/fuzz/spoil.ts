/** From a seed to an input: a sound one with one to four faults put in. */
import fc from 'fast-check';
import { seededRandom } from '../../src/shared/random';
import type { Base, Input } from './input';

/** What is drawn of an input: which one it begins from, and how each of its faults comes about. */
export interface Draw {
  readonly base: number;
  readonly edits: readonly { readonly how: number; readonly seed: number }[];
}

const most = 0x7fffffff;
const anyNumber = fc.noBias(fc.nat(most));
const edits = (minLength: number, maxLength: number) =>
  fc.noBias(
    fc.array(fc.noShrink(fc.record({ how: anyNumber, seed: anyNumber })), { minLength, maxLength }),
  );

/** One fault most often: what has several seldom gets past the first look. Shrinks by leaving some out. */
export const draws: fc.Arbitrary<Draw> = fc.record({
  base: fc.noShrink(anyNumber),
  edits: fc.oneof({ weight: 2, arbitrary: edits(1, 1) }, { weight: 1, arbitrary: edits(1, 4) }),
});

function drawn<T>(items: readonly T[], number: number): T {
  const item = items[Math.floor((number / (most + 1)) * items.length)];
  if (item === undefined) throw new RangeError('nothing to draw from');
  return item;
}

export function baseOf(bases: readonly Base[], { base }: Draw): Base {
  return drawn(bases, base);
}

export function spoilt(bases: readonly Base[], draw: Draw): Input {
  const { ask, path, files, changed, edits } = baseOf(bases, draw);
  let bytes: Uint8Array = files[changed] ?? new Uint8Array();
  for (const { how, seed } of draw.edits)
    // Edits write in place, and the sound one is used again.
    bytes = drawn(edits, how)(Buffer.from(bytes), seededRandom(seed));
  return { ask, path, files: { ...files, [changed]: bytes } };
}
