/** A failure: what happened, what to do next, and the buttons that do it. */
import type { FailureData } from '../../shared/failure-data';
import { failureActionNames, failureActions, type FailureAction } from '../failure-actions';
import { WarningIcon } from './icons';

interface Props {
  readonly failure: FailureData;
  readonly onAction: (action: FailureAction) => void;
}

export function FailureNotice({ failure, onAction }: Props) {
  return (
    <div role="alert" class="failure" data-testid="failure" data-code={failure.code}>
      <WarningIcon />
      <div class="failure-text">
        <p class="failure-message">{failure.message}</p>
        <p>{failure.nextStep}</p>
        <div class="buttons">
          {failureActions[failure.code].map((action, position) => (
            <button
              key={action}
              type="button"
              class={position === 0 ? 'primary' : 'secondary'}
              data-testid={`failure-${action}`}
              onClick={() => onAction(action)}
            >
              {failureActionNames[action]}
            </button>
          ))}
        </div>
      </div>
    </div>
  );
}
