/** Which part of a map is drawn on which scale, for whoever looks at it. */
import type { Look, MapKind } from './look';
import { hasEvidenceFor, type ShownMap } from './shown-map';

/** Of one map, in sentences; empty where a method leaves no choice. */
export function shownInWords(
  { values, raw, grain, scale }: ShownMap,
  { signed, pixels }: MapKind,
): string {
  const sentences = [
    signed && scale.diverging && 'Drawn is what speaks for and against, on one scale.',
    signed && !scale.diverging && hasEvidenceFor({ values }) && ownScale(raw),
    pixels && grain === 'patches' && 'The pixels of each patch are added up.',
    scale.clipped &&
      'The colours end at the 99th percentile of the values’ size; what is stronger looks alike.',
  ];
  return sentences.filter((sentence) => sentence !== false).join(' ');
}

function ownScale(raw: Float32Array): string {
  return raw.some((value) => value < 0)
    ? 'Drawn is what speaks for, on a scale of its own; what speaks against is left out.'
    : 'Drawn is what speaks for.';
}

/** Of all maps of a method, in a line each of at most 42 letters; none where it leaves no choice. */
export function shownInShort(
  { signed, pixels }: MapKind,
  { evidence, grain }: Look,
  clipped: boolean,
): readonly string[] {
  const lines = [
    signed && (evidence === 'for' ? 'evidence for' : 'evidence for and against'),
    pixels &&
      `${grain === 'patches' ? 'summed by patch' : 'pixel by pixel'}${clipped ? ', up to the 99th percentile' : ''}`,
  ];
  return lines.filter((line) => line !== false);
}
