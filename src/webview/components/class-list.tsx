/** The model's answer: classes with probability and logit; the chosen one has its map shown. */
import { formatFigure, formatFigures, formatShare } from '../../shared/format-number';
import type { ClassRow } from '../class-rows';
import { ClassFigures, strong } from './class-figures';

interface Props {
  readonly rows: readonly ClassRow[];
  readonly selected: number | undefined;
  /** What the answers are taken among, in words; undefined: all classes. */
  readonly among: string | undefined;
  /** What the dataset says the picture is, where it is none of the model's classes. */
  readonly unknownLabel: string | undefined;
  /** Whether the chosen class stays on the next pictures; undefined where there are none. */
  readonly follows: boolean | undefined;
  readonly busy: boolean;
  readonly onFollow: () => void;
  readonly onChoose: (index: number) => void;
}

export function ClassList({ rows, selected, among, busy, onChoose, ...props }: Props) {
  const isAmong = among !== undefined;
  const answers = answersOf(rows, isAmong);
  return (
    <fieldset
      class="classes"
      data-testid="classes"
      data-among={isAmong}
      data-changed={rows.some(({ before }) => before !== undefined)}
      aria-busy={busy && rows.length === 0}
    >
      <legend>{legendOf(rows, among)}</legend>
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
          {row.value === undefined && <ClassFigures row={row} isAmong={isAmong} />}
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

function legendOf([first]: readonly ClassRow[], among: string | undefined): string {
  if (first?.value !== undefined) return 'Values';
  return among === undefined ? 'Classes' : `Among ${among}`;
}

/** The shares, or the values in line. */
function answersOf(rows: readonly ClassRow[], isAmong: boolean): readonly string[] {
  const values = rows.map(({ value }) => value).filter((value) => value !== undefined);
  const figures = new Map(formatFigures(values).map((figure, at) => [values[at], figure]));
  return rows.map((row) => {
    const { probability, value, before } = row;
    if (probability !== undefined) {
      const share = strong(row, isAmong);
      return share === undefined ? 'not among them' : formatShare(share);
    }
    const was = before?.value === undefined ? '' : ` (was ${formatFigure(before.value)})`;
    return `${figures.get(value) ?? ''}${was}`;
  });
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
