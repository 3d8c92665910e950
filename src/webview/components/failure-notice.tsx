/** A failure: what happened, what to do next, and the buttons that do it. */
import type { ComponentChildren } from 'preact';
import type { FailureData } from '../../shared/failure-data';
import { failureActionNames, failureActions, type FailureAction } from '../failure-actions';
import { WarningIcon } from './icons';

interface Props {
  readonly failure: FailureData;
  /** What cannot be done here. */
  readonly without?: readonly FailureAction[];
  readonly onAction: (action: FailureAction) => void;
  /** Further buttons. */
  readonly children?: ComponentChildren;
}

export function FailureNotice({ failure, without = [], onAction, children }: Props) {
  const actions = failureActions[failure.code].filter((action) => !without.includes(action));
  return (
    <div role="alert" class="failure" data-testid="failure" data-code={failure.code}>
      <WarningIcon />
      <div class="failure-text">
        <p class="failure-message">{failure.message}</p>
        <p>{failure.nextStep}</p>
        <div class="buttons">
          {actions.map((action, position) => (
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
          {children}
        </div>
      </div>
    </div>
  );
}
