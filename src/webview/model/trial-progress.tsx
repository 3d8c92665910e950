/** How a trial goes, then what it says, in a place that is as high all along: the table below does not move. */
import type { Trial } from '../../shared/model-page/trial';
import { trialAdvice } from '../../shared/model-page/trial-advice';
import { CheckIcon } from '../components/icons';

interface Props {
  readonly trial: Trial;
  readonly onCancel: () => void;
}

export function TrialProgress({ trial, onCancel }: Props) {
  const { activity, subject } = trial;
  const { kind } = activity;
  const isBetter = kind === 'idle' && trialAdvice(trial)?.better !== undefined;
  return (
    <div
      class="trial-progress"
      data-testid="trial-progress"
      data-kind={kind}
      data-subject={subject.kind}
    >
      <div
        role={kind === 'failed' ? 'alert' : 'status'}
        class={kind === 'failed' ? 'note problem' : 'note'}
        {...(isBetter && { 'data-trusted': 'true' })}
      >
        {isBetter && <CheckIcon />}
        <p>{inWords(trial)}</p>
      </div>
      {kind === 'busy' && (
        <>
          {activity.share !== undefined && (
            <progress value={activity.share} aria-label={activity.phrase} />
          )}
          <button type="button" class="secondary" data-testid="cancel-trial" onClick={onCancel}>
            Cancel
          </button>
        </>
      )}
    </div>
  );
}

function inWords(trial: Trial): string {
  const { activity } = trial;
  switch (activity.kind) {
    case 'busy':
      return `${activity.phrase}…`;
    case 'cancelled':
      return 'Cancelled; what is done stays.';
    case 'failed':
      return `${activity.failure.message} ${activity.failure.nextStep}`;
    case 'idle':
      return trialAdvice(trial)?.sentence ?? 'Done.';
    case 'waiting':
      return '';
  }
}
