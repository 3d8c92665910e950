/** Whether two ways of preparing pictures come to the same. */
import type { Preprocessing, ResizeRule } from './preprocessing';

/** How a picture's numbers are read before that (transparency, window) is left aside. */
export function samePreprocessing(a: Preprocessing, b: Preprocessing): boolean {
  return JSON.stringify(inFull(a)) === JSON.stringify(inFull(b));
}

/** What is left out, as what it stands for; the same values in the same order. */
function inFull(preprocessing: Preprocessing) {
  const { resize, interpolation, crop, rescale, mean, std } = preprocessing;
  const { cropRounding = 'half-even', fill = [0, 0, 0], place = 'centre' } = preprocessing;
  const { channels = 'rgb' } = preprocessing;
  return [
    resizeInFull(resize, crop),
    interpolation,
    crop,
    cropRounding,
    fill,
    place,
    channels,
    rescale,
    mean,
    std,
  ];
}

function resizeInFull(resize: ResizeRule, crop: Preprocessing['crop']) {
  switch (resize.rule) {
    case 'shortest-edge':
      return [resize.rule, resize.size, resize.longest ?? null];
    case 'contain':
      return [resize.rule, resize.size, resize.rounding ?? 'nearest'];
    case 'squash':
      return [resize.rule, resize.size ?? crop];
    case 'cover':
      return [resize.rule, resize.size];
    case 'none':
      return [resize.rule];
  }
}
