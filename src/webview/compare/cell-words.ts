/** What is said of one map of a comparison. */
import { agreementOf, formatAgreement } from '../../shared/compare/agreement';
import { isWholePicture, summariseEvidence } from '../../shared/evidence-summary';
import { formatFigure, formatShare, formatStrength } from '../../shared/format-number';
import { shownInWords } from '../../shared/shown-in-words';
import { range } from '../../shared/upsample';
import { cellUnder, type SharedPointer } from './shared-pointer';
import { placedMap, type ShownCell } from './shown-cell';

/** The map beside or above. */
export interface Neighbour {
  readonly name: string;
  readonly cell: ShownCell;
}

export function agreementsOf(
  cell: ShownCell,
  left: Neighbour | undefined,
  above: Neighbour | undefined,
) {
  const places = [
    ['←', left],
    ['↑', above],
  ] as const;
  return places.flatMap(([arrow, neighbour]) => {
    if (neighbour === undefined) return [];
    const figure = formatAgreement(agreementOf(placedMap(cell), placedMap(neighbour.cell)));
    return [{ sign: `${arrow} ${figure}`, words: `Agrees by ${figure} with ${neighbour.name}` }];
  });
}

export function answerOf({ heatmap: { label, againstLabel }, score }: ShownCell): string {
  if (againstLabel !== undefined) return `${label} rather than ${againstLabel}`;
  return score === undefined ? label : `${label} ${formatStrength(score)}`;
}

export function summaryOf({ heatmap, shown, window, method }: ShownCell): string {
  const { signed = false, pixels = false, classSpecific = true } = method ?? {};
  const read = { ...heatmap, values: shown.raw, shape: shown.shape };
  const wholePicture = isWholePicture(window);
  const summary = summariseEvidence(read, { classSpecific, signed, wholePicture });
  return `${summary} ${shownInWords(shown, { signed, pixels })}`.trimEnd();
}

/** Relevance, and its share of the strongest. */
export function valueUnder(pointer: SharedPointer, { shown, picture, window }: ShownCell): string {
  const { raw, shape } = shown;
  const cell = cellUnder(pointer, picture, window, shape);
  if (cell === undefined) return 'not seen';
  const value = raw[cell.row * shape[1] + cell.column] ?? 0;
  const strongest = Math.max(...range(raw).map(Math.abs));
  const share = strongest === 0 ? '' : ` (${formatShare(Math.abs(value) / strongest)})`;
  return `${formatFigure(value)}${share}`;
}
