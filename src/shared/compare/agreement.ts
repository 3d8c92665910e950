/** How far two maps agree, and in words. */
import { formatDecimals } from '../format-number';
import { spearman } from '../spearman';
import { alignMaps, type PlacedMap } from './align-maps';

/** Spearman's correlation of two maps on the coarser of their patches; undefined where there is none to tell. */
export function agreementOf(one: PlacedMap, other: PlacedMap): number | undefined {
  const aligned = alignMaps(one, other);
  return aligned && spearman(aligned.one, aligned.other);
}

/** `0.83`, `−0.20`. */
export function formatAgreement(agreement: number | undefined): string {
  return agreement === undefined ? '–' : formatDecimals(agreement, 2);
}
