/** The whole page that compares methods on a dataset. */
import { useState } from 'preact/hooks';
import { isControl } from '../../shared/evaluation';
import type { EvaluationState } from '../../shared/evaluation-page/evaluation-state';
import type { FromEvaluation } from '../../shared/protocol/evaluation';
import { FailureNotice } from '../components/failure-notice';
import { Notices } from '../components/notices';
import type { FailureAction } from '../failure-actions';
import { ProgressLine } from '../gallery/progress-line';
import { Advice } from './advice';
import { EvaluationHeader } from './evaluation-header';
import { MethodDetail } from './method-detail';
import { MethodTable } from './method-table';

interface Props {
  readonly state: EvaluationState;
  readonly say: (message: FromEvaluation) => void;
}

export function EvaluationApp({ state, say }: Props) {
  const { dataset, compared, comparison, progress } = state;
  const [chosen, setChosen] = useState<string>();
  const onFailure = (action: FailureAction): void => {
    if (action === 'chooseModel') document.getElementById('evaluation-model')?.focus();
    else if (action !== 'chooseMethod') say({ kind: action });
  };
  const rows = comparison?.summary.rows ?? [];
  const best = rows.find(({ id }) => !isControl(id));
  const shown = rows.find(({ id }) => id === chosen) ?? best;
  return (
    <main class="gallery evaluation" data-testid="evaluation">
      {dataset && <EvaluationHeader dataset={dataset} state={state} say={say} />}
      <ProgressLine progress={progress} done="measured" say={say} />
      {progress.kind === 'failed' && (
        <FailureNotice failure={progress.failure} onAction={onFailure} />
      )}
      {dataset && <Notices notices={dataset.notices} />}
      {compared && comparison && (
        <>
          <Advice summary={comparison.summary} compared={compared} say={say} />
          <MethodTable
            table={comparison.table}
            methods={compared.methods}
            methodInUse={compared.methodInUse}
            chosen={shown?.id}
            onChoose={setChosen}
          />
          {shown && (
            <MethodDetail row={shown} comparison={comparison} compared={compared} say={say} />
          )}
        </>
      )}
    </main>
  );
}
