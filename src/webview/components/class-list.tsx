/** The model's answer: classes with probability and logit; the chosen one has its map shown. */
import { formatLogit, formatSimilarity, formatStrength } from '../../shared/format-number';
import type { ClassRow } from '../class-rows';

interface Props {
  readonly rows: readonly ClassRow[];
  readonly selected: number | undefined;
  readonly busy: boolean;
  readonly onChoose: (index: number) => void;
}

export function ClassList({ rows, selected, busy, onChoose }: Props) {
  return (
    <fieldset class="classes" data-testid="classes" aria-busy={busy && rows.length === 0}>
      <legend>{rows[0]?.value === undefined ? 'Classes' : 'Values'}</legend>
      {rows.length === 0 && <Placeholder busy={busy} />}
      {rows.map((row) => (
        <label key={row.index} class="class-row" data-testid="class" data-index={row.index}>
          <input
            type="radio"
            name="class"
            value={row.index}
            checked={row.index === selected}
            onChange={() => onChoose(row.index)}
          />
          <span class="class-answer">
            <span class="class-name">{row.label}</span>{' '}
            <span class="class-probability">{formatStrength(row)}</span>
          </span>{' '}
          {row.value === undefined && (
            <span class="class-figures">
              <span class="class-bar" aria-hidden="true">
                <span style={{ width: `${(row.probability ?? 0) * 100}%` }} />
              </span>
              <span class="class-logit">{strengthOf(row)}</span>
            </span>
          )}
        </label>
      ))}
    </fieldset>
  );
}

function strengthOf({ index, logit, similarity }: ClassRow): string {
  if (similarity !== undefined) return `similarity ${formatSimilarity(similarity)}`;
  return logit === undefined ? `class ${index}` : `logit ${formatLogit(logit)}`;
}

/** Rows without content while the answer is on its way. */
function Placeholder({ busy }: { readonly busy: boolean }) {
  if (!busy) return <p class="quiet">The model has not answered yet.</p>;
  return (
    <div class="placeholder" aria-hidden="true">
      <span />
      <span />
      <span />
    </div>
  );
}
