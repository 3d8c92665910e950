/** How a rectangle is marked, and the button for it: in the place of what the pointer reads, which it cannot meanwhile. */
import type { Marker, Marking } from '../use-marking';

interface Props {
  readonly marker: Marker;
  readonly marking: Marking;
}

export function MarkingHint({ marker, marking: { of, box } }: Props) {
  return (
    <p class="readout" data-testid="marking-hint">
      {of === 'cover' ? 'Drag a rectangle' : 'Drag the window'}
      {', or: arrows, Shift, Enter; Esc ends. '}
      {box !== undefined && (
        <button
          type="button"
          class="link"
          data-testid="apply-mark"
          onClick={() => marker.apply(box)}
        >
          {of === 'cover' ? 'Cover This' : 'Show This'}
        </button>
      )}
    </p>
  );
}
