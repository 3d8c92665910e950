/** Which numbers of a picture of more than 8 bits are black and white; shown for such pictures only. */
import { useState } from 'preact/hooks';
import type { PictureLevels, PictureWindow } from '../../shared/picture-reading';

interface Props {
  readonly levels: PictureLevels;
  /** Whether the model's manifest can keep them. */
  readonly keeps: boolean;
  readonly disabled: boolean;
  readonly onChoose: (window: PictureWindow, keep: boolean) => void;
}

type Unit = 'numbers' | 'percent';

export function LevelsControl({ levels, keeps, disabled, onChoose }: Props) {
  const [unit, setUnit] = useState<Unit>('numbers');
  const [low, setLow] = useState(levels.low);
  const [high, setHigh] = useState(levels.high);
  const isPercent = unit === 'percent';
  const isWindow = isPercent ? low >= 0 && low < high && high <= 100 : low < high;
  const choose = (keep: boolean): void =>
    onChoose(isPercent ? { lowPercent: low, highPercent: high } : { low, high }, keep);
  const measureIn = (chosen: Unit): void => {
    setUnit(chosen);
    setLow(chosen === 'percent' ? 2 : levels.low);
    setHigh(chosen === 'percent' ? 98 : levels.high);
  };
  return (
    <form
      class="levels"
      aria-label="Black and white"
      data-testid="levels"
      onSubmit={(event) => {
        event.preventDefault();
        if (isWindow) choose(false);
      }}
    >
      <p class="quiet">{`${levels.kind} numbers from ${levels.lowest} to ${levels.highest}`}</p>
      <label class="control">
        <span>Black</span>
        <NumberField value={low} testId="level-low" onChange={setLow} />
      </label>
      <label class="control">
        <span>White</span>
        <NumberField value={high} testId="level-high" onChange={setHigh} />
      </label>
      <select
        aria-label="Measured in"
        data-testid="level-unit"
        value={unit}
        onChange={({ currentTarget: { value } }) => measureIn(value as Unit)}
      >
        <option value="numbers">numbers</option>
        <option value="percent">percent of the pixels</option>
      </select>
      <button
        type="submit"
        class="secondary"
        data-testid="level-apply"
        disabled={disabled || !isWindow}
      >
        Apply
      </button>
      {keeps && (
        <button
          type="button"
          class="secondary"
          data-testid="level-keep"
          title="Writes it into the model’s manifest, for all pictures"
          disabled={disabled || !isWindow}
          onClick={() => choose(true)}
        >
          Keep
        </button>
      )}
    </form>
  );
}

interface FieldProps {
  readonly value: number;
  readonly testId: string;
  readonly onChange: (value: number) => void;
}

function NumberField({ value, testId, onChange }: FieldProps) {
  return (
    <input
      type="number"
      step="any"
      data-testid={testId}
      value={value}
      onInput={({ currentTarget: { valueAsNumber } }) => onChange(valueAsNumber)}
    />
  );
}
