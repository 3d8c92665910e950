/** How far the map can be trusted numerically, measured when asked for. */
import { useRef } from 'preact/hooks';
import type { Stability } from '../../shared/explanation';
import { useHeldFocus } from '../use-held-focus';
import { CheckIcon, WarningIcon } from './icons';

interface Props {
  readonly stability: Stability | undefined;
  readonly disabled: boolean;
  readonly onMeasure: () => void;
}

export function StabilityFigure({ stability, disabled, onMeasure }: Props) {
  const section = useRef<HTMLElement>(null);
  useHeldFocus(section);
  return (
    <section ref={section} class="stability" tabIndex={-1} aria-label="Numerical stability">
      {stability === undefined ? (
        <button
          type="button"
          class="plain"
          data-testid="measure-stability"
          title="Explains the picture again with a change too small to see, and compares"
          // Not `disabled`: that would take the focus away, and leave Tab nowhere to go.
          aria-disabled={disabled}
          onClick={() => {
            if (!disabled) onMeasure();
          }}
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
