/** A preprocessing for another input size than its own. */
import type { Preprocessing, ResizeRule } from '../../shared/preprocessing';
import type { Sides } from './config-fields';

/**
 * The same preprocessing for another input size: a model's own input decides, whatever its
 * configuration says, and the resize before the crop keeps its proportion to the crop, rounded
 * down as `int(256 / 224 * side)` of the training codes does.
 * @param input height and width that the opened model takes
 */
export function preprocessingForInput(preprocessing: Preprocessing, input: Sides): Preprocessing {
  const { crop, resize } = preprocessing;
  const [height, width] = input;
  if (crop[0] === height && crop[1] === width) return preprocessing;
  return { ...preprocessing, crop: input, resize: resizeForInput(resize, crop, input) };
}

function resizeForInput(resize: ResizeRule, crop: Sides, [height, width]: Sides): ResizeRule {
  if (resize.rule === 'none') return resize;
  if (resize.rule === 'shortest-edge') {
    const inProportion = (edge: number, side: number) => scaled(edge, side, Math.min(...crop));
    const { size, longest } = resize;
    if (height * crop[1] !== width * crop[0]) {
      // Another shape: the short side alone would leave much of an oblong input to padding.
      return { rule: 'cover', size: [inProportion(size, height), inProportion(size, width)] };
    }
    const side = Math.min(height, width);
    return {
      ...resize,
      size: inProportion(size, side),
      ...(longest !== undefined && { longest: inProportion(longest, side) }),
    };
  }
  if (resize.size === undefined) return resize;
  const size = [
    scaled(resize.size[0], height, crop[0]),
    scaled(resize.size[1], width, crop[1]),
  ] as const;
  return { ...resize, size };
}

/** One pixel at least: a configuration may cut out much more than it resizes to. */
function scaled(edge: number, to: number, from: number): number {
  return Math.max(1, Math.floor((edge * to) / from));
}
