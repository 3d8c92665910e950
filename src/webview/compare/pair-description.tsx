/** Where the first of two maps has more, where the second, and what it is under the pointer. */
import type { MapDifference } from '../../shared/compare/map-difference';
import { summariseEvidence } from '../../shared/evidence-summary';
import { formatFigure } from '../../shared/format-number';
import { cellUnder, type SharedPointer } from './shared-pointer';

interface Props {
  readonly difference: MapDifference;
  readonly picture: string;
  readonly pointer: SharedPointer | undefined;
}

export function PairDescription({ difference: { shown, place }, picture, pointer }: Props) {
  const { raw, shape } = shown;
  const cell = pointer && cellUnder(pointer, picture, place, shape);
  const value = cell && (raw[cell.row * shape[1] + cell.column] ?? 0);
  return (
    <>
      <p data-testid="pair-summary">
        {`${strongest('A', raw, shape)} ${strongest(
          'B',
          raw.map((one) => -one),
          shape,
        )} Both are counted in parts of their own scale.`}
      </p>
      <p class="readout" aria-live={pointer?.by === 'key' ? 'polite' : 'off'}>
        {value === undefined
          ? '\u00A0'
          : `${value < 0 ? 'B' : 'A'} has ${formatFigure(Math.abs(value))} more here.`}
      </p>
    </>
  );
}

/** A sentence, where one of them has more at all. */
function strongest(name: string, values: Float32Array, shape: MapDifference['shown']['shape']) {
  if (!values.some((value) => value > 0)) return `${name} has nowhere more.`;
  const words = summariseEvidence(
    { index: 0, label: name, values, shape },
    { classSpecific: true, signed: false, wholePicture: true },
  );
  return words.replace(`Evidence for “${name}”`, `What ${name} has more`);
}
