/** Input that excites everything that a model may do to a picture. */
import { seededRandom } from '../../shared/random';

/** Squares of this share of the shorter side have a character of their own. */
const cellsAcross = 8;

/** How far from zero the pixels of a square go: prepared pictures, plain [0, 1], bytes. */
const ranges: readonly (readonly [low: number, high: number])[] = [
  [-2.6, 2.6],
  [-2.6, 2.6],
  [0, 1],
  [0, 255],
];

/**
 * A picture whose squares are noise or waves, in the ranges that preprocessing leaves and that graphs
 * with preprocessing inside take. Every value is exact in bfloat16 and float16 too.
 * @returns `[3, height, width]`
 */
export function testPicture(height: number, width: number, seed: number): Float32Array {
  const random = seededRandom(seed);
  const side = Math.max(2, Math.ceil(Math.min(height, width) / cellsAcross));
  const columns = Math.ceil(width / side);
  const cells = Array.from({ length: columns * Math.ceil(height / side) }, () => cellOf(random));
  const values = new Float32Array(3 * height * width);
  let at = 0;
  for (let channel = 0; channel < 3; channel++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const cell = cells[Math.floor(y / side) * columns + Math.floor(x / side)];
        values[at++] = cell ? cell(channel, y, x) : 0;
      }
    }
  }
  return eightBitsOfMantissa(values);
}

type Cell = (channel: number, y: number, x: number) => number;

function cellOf(random: () => number): Cell {
  const [low, high] = ranges[Math.floor(random() * ranges.length)] ?? [-1, 1];
  const within = (share: number) => low + (high - low) * share;
  if (random() < 0.5) return () => within(random());
  const [down, across, turn] = [random(), random(), 6.28 * random()];
  return (channel, y, x) =>
    within(0.5 + 0.5 * Math.sin(turn + 2 * channel + down * y + across * x));
}

/** In place; what is nearly zero becomes zero, which float16 would round. */
function eightBitsOfMantissa(values: Float32Array): Float32Array {
  const bits = new Uint32Array(values.buffer);
  for (const [i, value] of values.entries())
    bits[i] = Math.abs(value) < 1e-3 ? 0 : (bits[i] ?? 0) & 0xffff0000;
  return values;
}
