/** Which method to use for the model, as far as it is known, and the button that does so. */
import type { EvaluationSummary } from '../../shared/evaluation';
import type { ComparedMethods } from '../../shared/evaluation-page/evaluation-state';
import type { FromEvaluation } from '../../shared/protocol/evaluation';
import { CheckIcon, WarningIcon } from '../components/icons';
import { UseMethod } from './use-method';

interface Props {
  readonly summary: EvaluationSummary;
  readonly compared: ComparedMethods;
  readonly say: (message: FromEvaluation) => void;
}

export function Advice({ summary: { advice, broken }, compared, say }: Props) {
  const { method, sentence } = advice;
  return (
    <section class="advice" aria-label="Which method to use">
      <div class="note" data-testid="advice" data-trusted={method !== undefined}>
        {method === undefined ? <WarningIcon /> : <CheckIcon />}
        <p>{sentence}</p>
      </div>
      {method !== undefined && <UseMethod method={method} compared={compared} say={say} />}
      {broken.length > 0 && (
        <p class="quiet" data-testid="broken">
          {broken.length === 1
            ? `One picture could not be measured: ${broken[0]?.message ?? ''}`
            : `${broken.length} pictures could not be measured, the first: ${broken[0]?.message ?? ''}`}
        </p>
      )}
    </section>
  );
}
