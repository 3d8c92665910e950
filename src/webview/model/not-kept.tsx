/** Why what was stated last is not in the manifest. */
import type { FailureData } from '../../shared/failure-data';
import { WarningIcon } from '../components/icons';

export function NotKept({ failure: { message, nextStep } }: { readonly failure: FailureData }) {
  return (
    <div role="alert" class="failure" data-testid="not-kept">
      <WarningIcon />
      <div class="failure-text">
        <p class="failure-message">{message}</p>
        <p>{nextStep}</p>
      </div>
    </div>
  );
}
