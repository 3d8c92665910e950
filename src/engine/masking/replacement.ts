/** What is seen where patches of a picture are away. */
import type { Removal } from '../../shared/faithfulness';
import type { VitStructure } from '../vit/structure';

/** The ways of taking patches away that put other pixels in their place. */
export type Replacement = Exclude<Removal, 'tokens'>;

type OfPictures = Pick<VitStructure, 'inputSize' | 'patchSize' | 'grey'>;

/**
 * The picture whose patches stand in for those that are away.
 * @param pixels `[1, 3, H, W]`
 * @returns the same shape
 */
export function replacementPicture(
  removal: Replacement,
  pixels: Float32Array,
  { inputSize, patchSize, grey }: OfPictures,
): Float32Array {
  switch (removal) {
    case 'grey':
      return plain(pixels, grey);
    case 'mean':
      return plain(pixels, meanColour(pixels));
    case 'blur':
      return blurred(pixels, inputSize, Math.max(...patchSize));
  }
}

function plain(pixels: Float32Array, colour: readonly number[]): Float32Array {
  const plane = pixels.length / 3;
  return pixels.map((_, at) => colour[Math.floor(at / plane)] ?? 0);
}

function meanColour(pixels: Float32Array): number[] {
  const plane = pixels.length / 3;
  return [0, 1, 2].map(
    (channel) =>
      pixels
        .subarray(channel * plane, (channel + 1) * plane)
        .reduce((sum, value) => sum + value, 0) / plane,
  );
}

/**
 * Under a Gaussian, so wide that a patch keeps its colour and loses its texture; pixels beyond the
 * edge are those at the edge.
 * @param deviation in pixels
 */
function blurred(
  pixels: Float32Array,
  [height, width]: readonly [height: number, width: number],
  deviation: number,
): Float32Array {
  const reach = 3 * deviation;
  const weights = Float64Array.from({ length: 2 * reach + 1 }, (_, i) =>
    Math.exp(-((i - reach) ** 2) / (2 * deviation ** 2)),
  );
  const sum = weights.reduce((a, b) => a + b, 0);
  const alongRows = convolved(pixels, weights, sum, { length: width, step: 1, across: width });
  return convolved(alongRows, weights, sum, { length: height, step: width, across: 1 });
}

/** Lines of `length` places, `step` apart; the next line begins `across` further on, within a plane. */
interface Lines {
  readonly length: number;
  readonly step: number;
  readonly across: number;
}

function convolved(
  values: Float32Array,
  weights: Float64Array,
  sum: number,
  { length, step, across }: Lines,
): Float32Array {
  const reach = (weights.length - 1) / 2;
  const result = new Float32Array(values.length);
  const span = length * step;
  for (let line = 0; line < values.length / length; line++) {
    // Columns of a plane begin side by side, those of the next one a whole plane on.
    const start = across === 1 ? Math.floor(line / step) * span + (line % step) : line * across;
    for (let i = 0; i < length; i++) {
      let total = 0;
      for (const [k, weight] of weights.entries()) {
        const place = Math.min(length - 1, Math.max(0, i + k - reach));
        total += weight * (values[start + place * step] ?? 0);
      }
      result[start + i * step] = total / sum;
    }
  }
  return result;
}
