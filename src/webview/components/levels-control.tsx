/** Which numbers of a picture of more than 8 bits are black and white; shown for such pictures only. */
import { useEffect, useState } from 'preact/hooks';
import type { PictureLevels, PictureWindow } from '../../shared/picture-reading';
import { formIn, formOf, problemOf, windowOf, type WindowUnit } from '../window-form';

interface Props {
  readonly levels: PictureLevels;
  /** Whether the window was chosen here, for this picture. */
  readonly isChosen: boolean;
  /** Whether the model's manifest can keep it. */
  readonly keeps: boolean;
  readonly busy: boolean;
  readonly onChoose: (window: PictureWindow) => void;
  readonly onKeep: (window: PictureWindow) => void;
  readonly onReset: () => void;
}

export function LevelsControl(props: Props) {
  const { levels, isChosen, keeps, busy } = props;
  const [form, setForm] = useState(() => formOf(levels));
  const inEffect = JSON.stringify(levels);
  // Not a new control: the focus would go.
  useEffect(() => setForm(formOf(levels)), [inEffect]);
  const problem = problemOf(form);
  const cannot = busy || problem !== undefined;
  const isCentre = form.unit === 'centre';
  return (
    <form
      data-testid="levels"
      onSubmit={(event) => {
        event.preventDefault();
        if (!cannot) props.onChoose(windowOf(form));
      }}
    >
      <fieldset class="levels">
        <legend>Black and white</legend>
        <p class="quiet" data-testid="levels-in-effect">
          {inWords(levels, isChosen)}
        </p>
        <select
          aria-label="Measured in"
          data-testid="level-unit"
          value={form.unit}
          onChange={({ currentTarget: { value } }) => setForm(formIn(value as WindowUnit, levels))}
        >
          <option value="numbers">As numbers of the picture</option>
          <option value="percent">As percent of its pixels</option>
          <option value="centre">As centre and width</option>
        </select>
        <div class="level-fields">
          <NumberField
            label={isCentre ? 'Centre' : 'Black'}
            value={form.first}
            problem={problem !== undefined}
            testId="level-low"
            onChange={(first) => setForm({ ...form, first })}
          />
          <NumberField
            label={isCentre ? 'Width' : 'White'}
            value={form.second}
            problem={problem !== undefined}
            testId="level-high"
            onChange={(second) => setForm({ ...form, second })}
          />
        </div>
        <p id="level-problem" class="level-problem" role="alert" data-testid="level-problem">
          {problem}
        </p>
        {/* Not `disabled` while the picture is read anew: that would take the focus away. */}
        <div class="buttons">
          <button type="submit" class="primary" data-testid="level-apply" aria-disabled={cannot}>
            Apply
          </button>
          {keeps && (
            <button
              type="button"
              class="secondary"
              data-testid="level-keep"
              title="Writes it into the model’s manifest, for all pictures"
              aria-disabled={cannot}
              onClick={() => {
                if (!cannot) props.onKeep(windowOf(form));
              }}
            >
              Keep for This Model
            </button>
          )}
          <button
            type="button"
            class="plain"
            data-testid="level-reset"
            title="Back to what the model or the picture’s file says"
            aria-disabled={busy}
            onClick={() => {
              if (busy) return;
              setForm(formOf(levels));
              if (isChosen) props.onReset();
            }}
          >
            Reset
          </button>
        </div>
      </fieldset>
    </form>
  );
}

/** What became black and white, and who said so. */
function inWords(levels: PictureLevels, isChosen: boolean): string {
  const { kind, lowest, highest, low, high, window } = levels;
  const numbers = `${kind} numbers from ${told(lowest)} to ${told(highest)}; ${told(low)} is black, ${told(high)} is white.`;
  if (isChosen) return `${numbers} Only for this picture.`;
  return window === undefined ? numbers : `${numbers} Kept for this model.`;
}

function told(value: number): string {
  return String(Number(value.toPrecision(6)));
}

interface FieldProps {
  readonly label: string;
  readonly value: number;
  readonly problem: boolean;
  readonly testId: string;
  readonly onChange: (value: number) => void;
}

function NumberField({ label, value, problem, testId, onChange }: FieldProps) {
  return (
    <label>
      {label}
      <input
        type="number"
        step="any"
        data-testid={testId}
        value={value}
        aria-invalid={problem}
        aria-describedby={problem ? 'level-problem' : undefined}
        onInput={({ currentTarget: { valueAsNumber } }) => onChange(valueAsNumber)}
      />
    </label>
  );
}
