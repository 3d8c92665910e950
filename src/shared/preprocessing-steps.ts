/** How pictures are prepared, step by step in one line. */
import type { Preprocessing, ResizeRule } from './preprocessing';

export function preprocessingSteps(preprocessing: Preprocessing): string {
  const { resize, interpolation, crop, fill, place, channels, rescale } = preprocessing;
  const isWhole = resize.rule === 'squash' && (resize.size ?? crop).join() === crop.join();
  const padding = fill ?? [0, 0, 0];
  return [
    resized(resize, crop) + (resize.rule === 'none' ? '' : `, ${interpolation}`),
    ...(isWhole ? [] : [`${place ?? 'centre'} of ${crop.join(' × ')}`]),
    ...(padding.every((level) => level === 0)
      ? []
      : [`padded with ${padding.map(round).join(' ')}`]),
    ...(channels === 'bgr' ? ['blue first'] : []),
    `0 … 255 times ${rescale === 1 ? '1' : `1/${round(1 / rescale)}`}`,
    `less ${levels(preprocessing.mean)}`,
    `by ${levels(preprocessing.std)}`,
  ].join('; ');
}

/** What tells it from others, in a few words: `short side 248, centre 224, mean 0.5`. */
export function preprocessingInBrief({ resize, crop, mean, channels }: Preprocessing): string {
  const isWhole = resize.rule === 'squash' && (resize.size ?? crop).join() === crop.join();
  return [
    resizedInBrief(resize, crop),
    ...(isWhole ? [] : [`centre ${sized(crop)}`]),
    `mean ${levels(mean)}`,
    ...(channels === 'bgr' ? ['blue first'] : []),
  ].join(', ');
}

function resizedInBrief(resize: ResizeRule, crop: Preprocessing['crop']): string {
  switch (resize.rule) {
    case 'none':
      return 'not resized';
    case 'shortest-edge':
      return `short side ${resize.size}`;
    case 'squash':
      return `squashed to ${sized(resize.size ?? crop)}`;
    case 'cover':
      return `to cover ${sized(resize.size)}`;
    case 'contain':
      return `to fit into ${sized(resize.size)}`;
  }
}

function sized([height, width]: Preprocessing['crop']): string {
  return height === width ? String(height) : `${height} × ${width}`;
}

function resized(resize: ResizeRule, crop: Preprocessing['crop']): string {
  switch (resize.rule) {
    case 'none':
      return 'as large as they are';
    case 'shortest-edge':
      return resize.longest === undefined
        ? `short side to ${resize.size}`
        : `short side to ${resize.size}, the long one to no more than ${resize.longest}`;
    case 'squash':
      return `squashed to ${(resize.size ?? crop).join(' × ')}`;
    case 'cover':
      return `in proportion, to cover ${resize.size.join(' × ')}`;
    case 'contain':
      return `in proportion, to fit into ${resize.size.join(' × ')}`;
  }
}

function levels(values: Preprocessing['mean']): string {
  return values.every((value) => value === values[0])
    ? round(values[0])
    : values.map(round).join(' ');
}

function round(value: number): string {
  return String(Number(value.toPrecision(6)));
}
