/** What is going on: progress with its cancel button, or how it ended. */
import { useRef } from 'preact/hooks';
import type { Activity } from '../../shared/activity';
import { useHeldFocus } from '../use-held-focus';

interface Props {
  readonly activity: Activity;
  /** What a cancelled work left. */
  readonly whenCancelled: string;
  /** The button that begins it anew. */
  readonly again?: string;
  readonly onCancel: () => void;
  readonly onRetry: () => void;
}

export function ActivityBar({
  activity,
  whenCancelled,
  again = 'Explain again',
  onCancel,
  onRetry,
}: Props) {
  const bar = useRef<HTMLDivElement>(null);
  useHeldFocus(bar);
  return (
    <div ref={bar} class="activity" data-testid="activity" data-kind={activity.kind}>
      <div role="status" class="activity-status">
        {activity.kind === 'busy' && (
          <>
            <span class="activity-phrase">{activity.phrase}…</span>
            {activity.share === undefined ? (
              <span class="progress" aria-hidden="true" />
            ) : (
              <progress value={activity.share} aria-label={activity.phrase} />
            )}
          </>
        )}
        {activity.kind === 'cancelled' && (
          <span class="activity-phrase">{`Cancelled. ${whenCancelled}`}</span>
        )}
      </div>
      {activity.kind === 'busy' && (
        <button type="button" class="secondary" data-testid="cancel" onClick={onCancel}>
          Cancel
        </button>
      )}
      {activity.kind === 'cancelled' && (
        <button type="button" class="secondary" data-testid="retry" onClick={onRetry}>
          {again}
        </button>
      )}
    </div>
  );
}
