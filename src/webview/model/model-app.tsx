/** The whole page of a model file. */
import type { ModelPageState } from '../../shared/model-page/model-page-state';
import type { FromModelPage } from '../../shared/protocol/model-page';
import { ActivityBar } from '../components/activity-bar';
import { AssumedFacts } from './assumed-facts';
import { ClassNames } from './class-names';
import { FileFailure } from './file-failure';
import { FoundFacts } from './found-facts';
import { MethodsHere } from './methods-here';
import { ModelHeader } from './model-header';

interface Props {
  readonly state: ModelPageState;
  readonly say: (message: FromModelPage) => void;
}

export function ModelApp({ state, say }: Props) {
  const { file, model, activity, isTrusted } = state;
  return (
    <main class="model" data-testid="model-page" data-ready={model !== undefined}>
      <ModelHeader file={file} model={model} say={say} />
      {!isTrusted && <Untrusted say={say} />}
      <ActivityBar
        activity={activity}
        whenCancelled="The file was not read."
        again="Read it"
        onCancel={() => say({ kind: 'cancel' })}
        onRetry={() => say({ kind: 'retry' })}
      />
      {activity.kind === 'failed' && (
        <FileFailure failure={activity.failure} file={file} say={say} />
      )}
      {model !== undefined && (
        <div class="model-parts">
          <FoundFacts model={model} />
          <AssumedFacts model={model} />
          <ClassNames labels={model.labels} classes={model.found.classes} />
          <MethodsHere model={model} />
        </div>
      )}
    </main>
  );
}

function Untrusted({ say }: Pick<Props, 'say'>) {
  return (
    <div class="untrusted" data-testid="untrusted">
      <p>
        Models are not opened in Restricted Mode, since this workspace is not trusted. Trust it if
        you know where its files come from.
      </p>
      <button type="button" class="primary" onClick={() => say({ kind: 'manageTrust' })}>
        Manage Workspace Trust
      </button>
    </div>
  );
}
