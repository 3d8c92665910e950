/** Row, column and relevance of the patch under the cursor. */
import type { Heatmap } from '../../shared/explanation';
import { formatFigure, formatShare } from '../../shared/format-number';
import { range } from '../../shared/upsample';
import type { Cursor } from './picture';

interface Props {
  readonly heatmap: Heatmap;
  readonly cursor: Cursor | undefined;
}

export function PatchReadout({ heatmap, cursor }: Props) {
  return (
    <p
      class="readout"
      data-testid="readout"
      // A pointer crosses many patches a second: only deliberate steps are read out.
      aria-live={cursor?.by === 'key' ? 'polite' : 'off'}
    >
      {cursor === undefined ? '\u00A0' : describe(heatmap, cursor)}
    </p>
  );
}

function describe({ values, shape: [rows, columns] }: Heatmap, { row, column }: Cursor): string {
  const value = values[row * columns + column] ?? 0;
  const [low, high] = range(values);
  const strongest = Math.max(Math.abs(low), Math.abs(high));
  const share =
    strongest === 0 ? '' : ` (${formatShare(Math.abs(value) / strongest)} of the strongest)`;
  return `Row ${row + 1} of ${rows}, column ${column + 1} of ${columns}: relevance ${formatFigure(value)}${share}`;
}
