/** From numbers of more than 8 bits to black and white. */
import type { PictureLevels, PictureWindow } from '../../shared/picture-reading';
import type { PictureRemark } from '../../shared/picture-remark';
import type { Stored, StoredNumbers } from './stored';
import { unreadable } from './unreadable';

export interface Levelled {
  /** As many as were given. */
  readonly data: Uint8Array;
  readonly levels: PictureLevels;
  readonly remarks: readonly PictureRemark[];
}

/** Up to this share of black … white a picture is nearly black, or nearly flat. */
const smallShare = 1 / 4;
/** Interpolation and sharpening ring beyond 1 by a little; light that is not clipped goes to 2 and more. */
const mostRinging = 1.5;
/** What bytes kept as other numbers reach in any picture that shows something. */
const leastOfBytes = 16;
/** Percentiles are those of about so many numbers. */
const sampled = 1_000_000;

interface Extent {
  readonly lowest: number;
  readonly highest: number;
  /** How many of the numbers. */
  readonly finite: number;
}

/**
 * By the window where there is one, else 16 bits by their whole range (the upper byte, as Pillow
 * does with colours) and other numbers by what the file or the numbers themselves say.
 *
 * @param name of the picture, for messages
 * @param range what the file says is black and white
 * @throws Failure `image-unreadable` where none of the numbers is finite
 */
export function toBytes(
  name: string,
  { numbers, kind }: Pick<Stored, 'numbers' | 'kind'>,
  window: PictureWindow | undefined,
  range: readonly [low: number, high: number] | undefined,
): Levelled {
  const { lowest, highest, finite } = extentOf(numbers);
  if (finite === 0) throw unreadable(name, 'it holds no numbers, only NaN or infinite ones');
  const remarks: PictureRemark[] = [];
  const from = `${told(lowest)} to ${told(highest)}`;
  const isFull = window === undefined && numbers instanceof Uint16Array;
  const [low, high] =
    window !== undefined
      ? windowed(numbers, window)
      : isFull
        ? [0, 65535]
        : (range ?? rangeBy(lowest, highest));
  if (window === undefined && !isFull) {
    const isCut = lowest < low || highest > high;
    remarks.push({
      kind: 'stretched',
      predicate: `holds ${kind} numbers from ${from}; ${told(low)} … ${told(high)}${
        range ? ', as the file says,' : ''
      } became black … white${isCut ? ', what lies beyond as well' : ''}.`,
      field: 'window',
    });
  }
  const spread = Math.min(highest, high) - Math.max(lowest, low);
  if (window === undefined && spread <= smallShare * (high - low)) {
    remarks.push({
      kind: 'small-range',
      predicate: `holds ${kind} numbers from ${from} only, of ${told(low)} … ${told(high)}, so the model sees a nearly flat picture.`,
      field: 'window',
    });
  }
  if (finite < numbers.length) {
    remarks.push({
      kind: 'not-finite',
      predicate: 'holds numbers that are not finite (NaN or infinite); these became black.',
    });
  }
  const data = isFull ? upperBytes(numbers) : scaled(numbers, low, high);
  const levels = { kind, lowest, highest, low, high, ...(window && { window }) };
  return { data, levels, remarks };
}

/** Of the finite numbers. */
function extentOf(numbers: StoredNumbers): Extent {
  let lowest = Infinity;
  let highest = -Infinity;
  let finite = 0;
  for (const number of numbers) {
    // Neither NaN nor infinite, and quicker than asking so.
    if (number - number !== 0) continue;
    finite++;
    if (number < lowest) lowest = number;
    if (number > highest) highest = number;
  }
  return { lowest, highest, finite };
}

/**
 * Shares of white, with what rings beyond them on either side; bytes; or else whatever there is, as
 * of light that goes beyond white.
 */
function rangeBy(lowest: number, highest: number): [number, number] {
  const isShares = highest <= mostRinging && lowest >= -highest / 4;
  if (isShares) return [0, 1];
  if (lowest >= 0 && highest >= leastOfBytes && highest <= 255) return [0, 255];
  return [lowest, highest];
}

function windowed(numbers: StoredNumbers, window: PictureWindow): [number, number] {
  if ('low' in window) return [window.low, window.high];
  if ('centre' in window)
    return [window.centre - window.width / 2, window.centre + window.width / 2];
  const every = Math.max(1, Math.floor(numbers.length / sampled));
  const some = Float64Array.from({ length: Math.ceil(numbers.length / every) }, (_, at) =>
    Number(numbers[at * every]),
  )
    .filter(Number.isFinite)
    .sort();
  return [percentile(some, window.lowPercent), percentile(some, window.highPercent)];
}

/** Between two neighbours in proportion, as NumPy does. */
function percentile(sorted: Float64Array, percent: number): number {
  const place = (percent / 100) * Math.max(0, sorted.length - 1);
  const below = sorted[Math.floor(place)] ?? 0;
  const above = sorted[Math.ceil(place)] ?? below;
  return below + (above - below) * (place - Math.floor(place));
}

function upperBytes(numbers: Uint16Array): Uint8Array {
  const data = new Uint8Array(numbers.length);
  for (let at = 0; at < data.length; at++) data[at] = (numbers[at] ?? 0) >> 8;
  return data;
}

/** What is not finite becomes black; a picture of one number throughout does too. */
function scaled(numbers: StoredNumbers, low: number, high: number): Uint8Array {
  const data = new Uint8Array(numbers.length);
  const factor = high > low ? 255 / (high - low) : 0;
  for (let at = 0; at < data.length; at++) {
    const number = numbers[at] ?? 0;
    const value = Math.round((number - low) * factor);
    data[at] = number - number !== 0 || !(value > 0) ? 0 : value > 255 ? 255 : value;
  }
  return data;
}

function told(value: number): string {
  return String(Number(value.toPrecision(6)));
}
