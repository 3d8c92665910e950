/** What was changed in a picture before the model saw it, for a person. */
import { counted } from './counted';
import type { Cover, CoverFill, PictureBox, PictureChange, PictureFit } from './picture-change';

const fillNames: Readonly<Record<CoverFill, string>> = {
  mean: 'its mean colour',
  blur: 'a blur of it',
};

/** In a few words: `2 rectangles covered with its mean colour; padded, not the model’s own preparation`. */
export function changeInBrief({ covered, fit }: PictureChange): string {
  return [
    ...(covered.length === 0 ? [] : [coversInBrief(covered)]),
    ...(fit === undefined ? [] : [`${fitInWords(fit)}, not the model’s own preparation`]),
  ].join('; ');
}

/** With the place of every rectangle. */
export function changeInFull({ covered, fit }: PictureChange): string {
  return [
    ...covered.map((cover) => `${boxInWords(cover)} covered with ${fillNames[cover.fill]}`),
    ...(fit === undefined ? [] : [`${fitInWords(fit)}, not the model’s own preparation`]),
  ].join('; ');
}

export function boxInWords({ left, top, width, height }: PictureBox): string {
  return `${width} × ${height} pixels from ${left}, ${top}`;
}

function coversInBrief(covered: readonly Cover[]): string {
  const names = [...new Set(covered.map(({ fill }) => fillNames[fill]))].join(' and ');
  return `${counted(covered.length, 'rectangle', 'rectangles')} covered with ${names}`;
}

function fitInWords(fit: PictureFit): string {
  if (typeof fit !== 'string') return `only a window of ${boxInWords(fit)}`;
  return { crop: 'cropped to its centre', squash: 'squashed', pad: 'padded' }[fit];
}
