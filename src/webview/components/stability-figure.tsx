/** How far the map can be trusted numerically, measured when asked for. */
import type { Stability } from '../../shared/explanation';
import { CheckIcon, WarningIcon } from './icons';

interface Props {
  readonly stability: Stability | undefined;
  readonly disabled: boolean;
  readonly onMeasure: () => void;
}

export function StabilityFigure({ stability, disabled, onMeasure }: Props) {
  return (
    <section class="stability" aria-label="Numerical stability">
      {stability === undefined ? (
        <button
          type="button"
          class="plain"
          data-testid="measure-stability"
          title="Explains the picture again with a change too small to see, and compares"
          disabled={disabled}
          onClick={onMeasure}
        >
          Measure how stable the map is
        </button>
      ) : (
        <div class="note" data-testid="stability" data-trusted={stability.trusted} role="status">
          {stability.trusted ? <CheckIcon /> : <WarningIcon />}
          <p>{stability.sentence}</p>
        </div>
      )}
    </section>
  );
}
