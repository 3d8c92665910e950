/** Which part of a map is drawn on which scale, for whoever looks at it. */
import type { ColourScale } from './colour-scale';
import type { Look, MapKind } from './look';
import { hasEvidenceFor, type ShownMap } from './shown-map';

/** Of one map, in sentences; empty where a method leaves no choice. */
export function shownInWords(
  { values, grain, scale }: ShownMap,
  { signed, pixels }: MapKind,
): string {
  const summed = pixels && grain === 'patches' ? 'pixels are summed by patch' : '';
  const ends = scale.clipped ? 'colours end at the 99th percentile' : '';
  const sentences = [
    signed ? evidenceInWords(values, scale) : '',
    [summed, ends].filter((words) => words !== '').join('; '),
  ];
  return sentences
    .filter((words) => words !== '')
    .map((words) => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`)
    .join(' ');
}

function evidenceInWords(values: Float32Array, { diverging }: ColourScale): string {
  if (diverging) return 'what speaks for and against is drawn, on one scale';
  return hasEvidenceFor({ values }) ? 'only what speaks for it is drawn, on its own scale' : '';
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
