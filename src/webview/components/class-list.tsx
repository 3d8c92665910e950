/** The model's answer: classes with probability and logit; the chosen one has its map shown. */
import {
  formatFigure,
  formatFigures,
  formatLogit,
  formatShare,
  formatThousandths,
} from '../../shared/format-number';
import type { ClassRow } from '../class-rows';

interface Props {
  readonly rows: readonly ClassRow[];
  readonly selected: number | undefined;
  /** What the dataset says the picture is, where it is none of the model's classes. */
  readonly unknownLabel: string | undefined;
  /** Whether the chosen class stays on the next pictures; undefined where there are none. */
  readonly follows: boolean | undefined;
  readonly busy: boolean;
  readonly onFollow: () => void;
  readonly onChoose: (index: number) => void;
}

export function ClassList({ rows, selected, busy, onChoose, ...props }: Props) {
  const answers = answersOf(rows);
  return (
    <fieldset
      class="classes"
      data-testid="classes"
      data-changed={rows.some(({ before }) => before !== undefined)}
      aria-busy={busy && rows.length === 0}
    >
      <legend>{rows[0]?.value === undefined ? 'Classes' : 'Values'}</legend>
      {rows.length === 0 && <Placeholder busy={busy} />}
      {rows.map((row, position) => (
        <label key={row.index} class="class-row" data-testid="class" data-index={row.index}>
          <input
            type="radio"
            name="class"
            value={row.index}
            checked={row.index === selected}
            onChange={() => onChoose(row.index)}
          />
          <span class="class-answer">
            <span class="class-name">
              {row.label}
              {row.isLabel && (
                <>
                  {' '}
                  <span class="class-mark" data-testid="label-mark">
                    label
                  </span>
                </>
              )}
            </span>{' '}
            <span class="class-probability">{answers[position]}</span>
          </span>{' '}
          {row.value === undefined && (
            <span class="class-figures">
              <span class="class-bar" aria-hidden="true">
                <span style={{ width: `${(row.probability ?? 0) * 100}%` }} />
                {row.before?.probability !== undefined && (
                  <i style={{ left: `${row.before.probability * 100}%` }} />
                )}
              </span>
              <span class="class-logit">{figuresOf(row)}</span>
            </span>
          )}
        </label>
      ))}
      {props.unknownLabel !== undefined && (
        <p class="quiet" data-testid="unknown-label">
          {`Label: “${props.unknownLabel}”, which this model does not know.`}
        </p>
      )}
      {props.follows !== undefined && rows.length > 0 && (
        <button
          type="button"
          class="plain class-follow"
          data-testid="follow"
          aria-pressed={props.follows}
          title="Show this class on the next pictures too, and not the best one of each (B)"
          onClick={props.onFollow}
        >
          Stay with this class
        </button>
      )}
    </fieldset>
  );
}

/** The probabilities, or the values in line. */
function answersOf(rows: readonly ClassRow[]): readonly string[] {
  const values = rows.map(({ value }) => value).filter((value) => value !== undefined);
  const figures = new Map(formatFigures(values).map((figure, at) => [values[at], figure]));
  return rows.map(({ probability, value, before }) => {
    if (probability !== undefined) return formatShare(probability);
    const was = before?.value === undefined ? '' : ` (was ${formatFigure(before.value)})`;
    return `${figures.get(value) ?? ''}${was}`;
  });
}

/** Where the picture was changed, what the class had without that, and its strength. */
function figuresOf(row: ClassRow): string {
  const { probability, similarity } = row.before ?? {};
  if (probability !== undefined) return `was ${formatShare(probability)} · ${strengthOf(row)}`;
  if (similarity === undefined) return strengthOf(row);
  return `${strengthOf(row)}, was ${formatThousandths(similarity)}`;
}

function strengthOf({ index, logit, similarity }: ClassRow): string {
  if (similarity !== undefined) return `similarity ${formatThousandths(similarity)}`;
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
