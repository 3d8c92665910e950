/** The kinds of values that configurations of image processors are made of. */
import { isRecord } from '../../shared/is-record';
import type { Preprocessing, ResizeRule, Triple } from '../../shared/preprocessing';
import type { Kind, Sides } from './config-fields';

type Interpolation = Preprocessing['interpolation'];

/** Largest side that a model's input may have, as in the manifest. */
const longestSide = 16_384;

export const positive: Kind<number> = {
  read: (value) => (isNumber(value) && value > 0 ? value : undefined),
  name: 'number above 0',
  show: String,
};

/** Python takes any number for a switch. */
export const flag: Kind<boolean> = {
  read: (value) =>
    typeof value === 'boolean' ? value : typeof value === 'number' ? value !== 0 : undefined,
  name: 'true or false',
  show: String,
};

/** One of these words. @param name of the kind, e.g. `crop mode of timm` */
export function word<Word extends string>(name: string, words: readonly Word[]): Kind<Word> {
  return { read: (value) => words.find((one) => one === value), name, show: (one) => one };
}

/** A number for each channel, or one for all of them. */
export const perChannel: Kind<Triple> = {
  read: (value) => triple(value, () => true),
  name: 'number or list of three',
  show: showTriple,
};

export const positivePerChannel: Kind<Triple> = {
  read: (value) => triple(value, (item) => item > 0),
  name: 'number above 0 or list of three',
  show: showTriple,
};

/** A number for both sides, or `[height, width]`, or an object that names them. */
export const sides: Kind<Sides> = {
  read: (value) => {
    if (isRecord(value))
      return bothSides(value.height, value.width) ?? squareOf(value.shortest_edge);
    const [height, width, ...more] = (Array.isArray(value) ? value : [value]) as unknown[];
    return more.length > 0
      ? undefined
      : width === undefined
        ? squareOf(height)
        : bothSides(height, width);
  },
  name: 'size in pixels',
  show: (size) => size.join(' × '),
};

/** `[channels, height, width]`, as timm has it, or without the channels. */
export const inputSize: Kind<Sides> = {
  read: (value) =>
    sides.read(
      Array.isArray(value) && value.length === 3 && value[0] === 3 ? value.slice(1) : value,
    ),
  name: 'list of 3 channels, height and width',
  show: sides.show,
};

/**
 * The `size` of Hugging Face's processors.
 * @param square whether a single number means both sides (`default_to_square`)
 */
export function resizeOf(square: boolean): Kind<ResizeRule> {
  return {
    read: (value) => {
      if (!isRecord(value)) {
        const size = sides.read(value);
        return size === undefined
          ? undefined
          : square || Array.isArray(value)
            ? { rule: 'squash', size }
            : { rule: 'shortest-edge', size: size[0] };
      }
      const [shortest] = squareOf(value.shortest_edge) ?? [];
      const longest = squareOf(value.longest_edge);
      const within = bothSides(value.max_height, value.max_width);
      const size = bothSides(value.height, value.width);
      if (shortest !== undefined) {
        return {
          rule: 'shortest-edge',
          size: shortest,
          ...(longest !== undefined && { longest: longest[0] }),
        };
      }
      if (longest !== undefined) return { rule: 'contain', size: longest };
      if (within !== undefined) return { rule: 'contain', size: within, rounding: 'down' };
      return size && { rule: 'squash', size };
    },
    name: 'size that is known',
    show: showResize,
  };
}

export function showResize(resize: ResizeRule): string {
  switch (resize.rule) {
    case 'shortest-edge':
      return `short side ${resize.size}`;
    case 'none':
      return 'none';
    default:
      return `${resize.size?.join(' × ') ?? 'the input'} (${resize.rule})`;
  }
}

/** Pillow's numbers of its filters are the places in this list. */
const filters: readonly Interpolation[] = [
  'nearest',
  'lanczos',
  'bilinear',
  'bicubic',
  'box',
  'hamming',
];

/** A number or name of Pillow, or a name of torchvision's: `3`, `bicubic`, `InterpolationMode.BICUBIC`. */
export const interpolation: Kind<Interpolation> = {
  read: (value) => {
    if (typeof value === 'number') return filters[value];
    const name = typeof value === 'string' ? value.toLowerCase().split('.').at(-1) : undefined;
    const other = { 'nearest-exact': 'nearest', nearest_exact: 'nearest', antialias: 'lanczos' };
    return filters.find(
      (filter) => filter === name || filter === other[name as keyof typeof other],
    );
  },
  name: 'filter of Pillow',
  show: (value) => value,
};

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function triple(value: unknown, allowed: (item: number) => boolean): Triple | undefined {
  const items: unknown[] = Array.isArray(value) ? value : [value];
  if (!items.every(isNumber) || !items.every(allowed)) return undefined;
  const [first, second = first, third = second] = items;
  return first !== undefined &&
    second !== undefined &&
    third !== undefined &&
    (items.length === 1 || items.length === 3)
    ? [first, second, third]
    : undefined;
}

function showTriple([first, second, third]: Triple): string {
  return first === second && second === third ? String(first) : [first, second, third].join(', ');
}

function bothSides(height: unknown, width: unknown): Sides | undefined {
  const [a] = squareOf(height) ?? [];
  const [b] = squareOf(width) ?? [];
  return a !== undefined && b !== undefined ? [a, b] : undefined;
}

/** Python's `int`. */
function squareOf(side: unknown): Sides | undefined {
  const whole = isNumber(side) ? Math.trunc(side) : 0;
  return whole >= 1 && whole <= longestSide ? [whole, whole] : undefined;
}
