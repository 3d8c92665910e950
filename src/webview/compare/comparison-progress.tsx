/** How many of the maps are there, and what keeps the others. */
import { cellsAsked, cellsOf, type Comparison } from '../../shared/compare/comparison';
import { missingCells, type ComparisonState } from '../../shared/compare/comparison-state';
import type { FromComparison } from '../../shared/protocol/compare';
import { ActivityBar } from '../components/activity-bar';
import { FailureNotice } from '../components/failure-notice';
import type { FailureAction } from '../failure-actions';

interface Props {
  readonly state: ComparisonState;
  readonly asked: Comparison;
  readonly say: (message: FromComparison) => void;
  readonly onFailure: (action: FailureAction) => void;
}

export function ComparisonProgress({ state, asked, say, onFailure }: Props) {
  const { activity, cells } = state;
  const wanted = cellsOf(asked).flat();
  const total = wanted.length;
  const beyond = cellsAsked(asked) - total;
  const failed = cells.filter(({ outcome }) => outcome.kind === 'failed').length;
  return (
    <div class="comparison-progress" data-testid="progress">
      <ActivityBar
        activity={activity}
        whenCancelled={
          missingCells(state).length < total
            ? 'The maps that are there stay.'
            : 'No map was made yet.'
        }
        onCancel={() => say({ kind: 'cancel' })}
        onRetry={() => say({ kind: 'retry' })}
      />
      {activity.kind === 'busy' && (
        <progress
          max={total}
          value={total - missingCells(state).length}
          aria-label="Maps that are there"
        />
      )}
      {activity.kind === 'failed' && (
        <FailureNotice failure={activity.failure} onAction={onFailure} />
      )}
      {activity.kind === 'idle' && failed > 0 && (
        <button
          type="button"
          class="secondary"
          data-testid="retry"
          onClick={() => say({ kind: 'retry' })}
        >
          Try the failed ones again
        </button>
      )}
      {beyond > 0 && (
        <p class="quiet">{`${beyond} more maps are left out: choose fewer of an axis.`}</p>
      )}
    </div>
  );
}
