/** How pictures are to be prepared, as it is being typed: texts, and what they come to. */
import { longestSide, type Preprocessing, type ResizeRule } from '../../shared/preprocessing';

/** Every field of the form by its name, as it stands there. */
export interface PreparationDraft {
  readonly rule: ResizeRule['rule'];
  /** Of the short side. */
  readonly short: string;
  /** Most of the long side; empty: no bound. */
  readonly longest: string;
  readonly height: string;
  readonly width: string;
  readonly rounding: 'nearest' | 'down';
  readonly interpolation: Preprocessing['interpolation'];
  readonly cropHeight: string;
  readonly cropWidth: string;
  readonly cropRounding: NonNullable<Preprocessing['cropRounding']>;
  readonly fill: readonly [string, string, string];
  readonly place: NonNullable<Preprocessing['place']>;
  readonly channels: NonNullable<Preprocessing['channels']>;
  readonly rescale: string;
  readonly mean: readonly [string, string, string];
  readonly std: readonly [string, string, string];
}

export function draftOf(preprocessing: Preprocessing): PreparationDraft {
  const { resize, crop, rescale, mean, std, fill = [0, 0, 0] } = preprocessing;
  const [height, width] = sizeOf(resize) ?? crop;
  return {
    rule: resize.rule,
    short: String(resize.rule === 'shortest-edge' ? resize.size : Math.min(...crop)),
    longest: resize.rule === 'shortest-edge' ? String(resize.longest ?? '') : '',
    height: String(height),
    width: String(width),
    rounding: resize.rule === 'contain' ? (resize.rounding ?? 'nearest') : 'nearest',
    interpolation: preprocessing.interpolation,
    cropHeight: String(crop[0]),
    cropWidth: String(crop[1]),
    cropRounding: preprocessing.cropRounding ?? 'half-even',
    fill: asTexts(fill),
    place: preprocessing.place ?? 'centre',
    channels: preprocessing.channels ?? 'rgb',
    rescale: Math.abs(rescale * 255 - 1) < 1e-9 ? '1/255' : String(rescale),
    mean: asTexts(mean),
    std: asTexts(std),
  };
}

function sizeOf(resize: ResizeRule): readonly [number, number] | undefined {
  return resize.rule === 'shortest-edge' || resize.rule === 'none' ? undefined : resize.size;
}

function asTexts([first, second, third]: readonly [number, number, number]) {
  return [String(first), String(second), String(third)] as const;
}

/** What the fields come to; the field that says nothing sound, and why, where one does. */
export type Drafted =
  | { readonly preprocessing: Preprocessing }
  | { readonly field: keyof PreparationDraft; readonly problem: string };

/** @param reading what is to be said of reading pictures, which the form does not ask */
export function preprocessingOf(
  draft: PreparationDraft,
  reading: Pick<Preprocessing, 'alpha' | 'window'>,
): Drafted {
  try {
    const { rule, cropRounding, place, channels } = draft;
    const fill = triple(draft, 'fill', 'The padding’s colours', 0, 255);
    return {
      preprocessing: {
        ...reading,
        resize: resizeOf(rule, draft),
        interpolation: draft.interpolation,
        crop: [
          side(draft, 'cropHeight', 'The height of the crop'),
          side(draft, 'cropWidth', 'The width of the crop'),
        ],
        ...(cropRounding !== 'half-even' && { cropRounding }),
        ...(fill.some((level) => level !== 0) && { fill }),
        ...(place !== 'centre' && { place }),
        ...(channels !== 'rgb' && { channels }),
        rescale: above0(draft.rescale, 'rescale', 'The factor'),
        mean: triple(draft, 'mean', 'The means', -Infinity, Infinity),
        std: [
          above0(draft.std[0], 'std', 'The deviations'),
          above0(draft.std[1], 'std', 'The deviations'),
          above0(draft.std[2], 'std', 'The deviations'),
        ],
      },
    };
  } catch (error) {
    if (!(error instanceof Unsound)) throw error;
    return { field: error.field, problem: error.message };
  }
}

class Unsound extends Error {
  constructor(
    readonly field: keyof PreparationDraft,
    message: string,
  ) {
    super(message);
  }
}

function resizeOf(rule: ResizeRule['rule'], draft: PreparationDraft): ResizeRule {
  const size = () =>
    [
      side(draft, 'height', 'The height to resize to'),
      side(draft, 'width', 'The width to resize to'),
    ] as const;
  switch (rule) {
    case 'none':
      return { rule };
    case 'shortest-edge': {
      const short = side(draft, 'short', 'The short side');
      return draft.longest.trim() === ''
        ? { rule, size: short }
        : { rule, size: short, longest: side(draft, 'longest', 'The most of the long side') };
    }
    case 'contain':
      return draft.rounding === 'nearest'
        ? { rule, size: size() }
        : { rule, size: size(), rounding: draft.rounding };
    case 'cover':
    case 'squash':
      return { rule, size: size() };
  }
}

type TextField = 'short' | 'longest' | 'height' | 'width' | 'cropHeight' | 'cropWidth';

function side(draft: PreparationDraft, field: TextField, name: string): number {
  const value = numberOf(draft[field]);
  if (Number.isInteger(value) && value >= 1 && value <= longestSide) return value;
  throw new Unsound(field, `${name} has to be a whole number from 1 to ${longestSide}.`);
}

function above0(text: string, field: 'rescale' | 'std', name: string): number {
  const value = numberOf(text);
  if (value > 0) return value;
  const are = field === 'std' ? 'have to be numbers' : 'has to be a number';
  throw new Unsound(field, `${name} ${are} above 0.`);
}

function triple(
  draft: PreparationDraft,
  field: 'fill' | 'mean',
  name: string,
  least: number,
  most: number,
): [number, number, number] {
  const [first, second, third] = draft[field];
  const values: [number, number, number] = [numberOf(first), numberOf(second), numberOf(third)];
  if (values.every((value) => Number.isFinite(value) && value >= least && value <= most))
    return values;
  const range = Number.isFinite(least) ? ` from ${least} to ${most}` : '';
  throw new Unsound(field, `${name} have to be three numbers${range}.`);
}

/** A number, or a fraction as in `1/255`; NaN for anything else. */
function numberOf(text: string): number {
  const [over = '', under = '1', ...more] = text.split('/').map((part) => part.trim());
  const value = over === '' || under === '' ? NaN : Number(over) / Number(under);
  return more.length === 0 && Number.isFinite(value) ? value : NaN;
}
