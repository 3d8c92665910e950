/** The fields in which black and white are chosen: two numbers, measured in one of three ways. */
import type { PictureLevels, PictureWindow } from '../shared/picture-reading';

export type WindowUnit = 'numbers' | 'percent' | 'centre';

export interface WindowForm {
  readonly unit: WindowUnit;
  /** Black, or the centre; NaN while nothing is typed. */
  readonly first: number;
  /** White, or the width. */
  readonly second: number;
}

/** What is in effect, as it was said. */
export function formOf(levels: PictureLevels): WindowForm {
  const { window } = levels;
  if (window !== undefined && 'lowPercent' in window)
    return { unit: 'percent', first: window.lowPercent, second: window.highPercent };
  if (window !== undefined && 'centre' in window)
    return { unit: 'centre', first: window.centre, second: window.width };
  return { unit: 'numbers', first: levels.low, second: levels.high };
}

/** What is in effect, in this unit; of percentages, where others are in effect, the usual ones. */
export function formIn(unit: WindowUnit, levels: PictureLevels): WindowForm {
  const known = formOf(levels);
  if (known.unit === unit) return known;
  const { low, high } = levels;
  switch (unit) {
    case 'percent':
      return { unit, first: 2, second: 98 };
    case 'centre':
      return { unit, first: (low + high) / 2, second: high - low };
    case 'numbers':
      return { unit, first: low, second: high };
  }
}

export function windowOf({ unit, first, second }: WindowForm): PictureWindow {
  switch (unit) {
    case 'percent':
      return { lowPercent: first, highPercent: second };
    case 'centre':
      return { centre: first, width: second };
    case 'numbers':
      return { low: first, high: second };
  }
}

/** Why the fields say no window; undefined where they do. */
export function problemOf({ unit, first, second }: WindowForm): string | undefined {
  if (!Number.isFinite(first) || !Number.isFinite(second)) return 'Both have to be numbers';
  if (unit === 'centre') return second > 0 ? undefined : 'The width has to be above 0';
  if (first >= second) return 'Black has to be below white';
  if (unit === 'percent' && (first < 0 || second > 100)) return 'Percentages go from 0 to 100';
  return undefined;
}
