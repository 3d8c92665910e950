/** The whole page of a model file. */
import type { FromModelPage } from '../../shared/protocol/model-page';
import { ActivityBar } from '../components/activity-bar';
import type { ModelPageAction, ModelPageModel } from '../model-state';
import { AssumedFacts } from './assumed-facts';
import { ClassNames } from './class-names';
import { FileFailure } from './file-failure';
import { FoundFacts } from './found-facts';
import { MethodsHere } from './methods-here';
import { ModelHeader } from './model-header';
import { NotKept } from './not-kept';
import { OutputField } from './output-field';
import { Preparation } from './preparation';
import { PresetTrial } from './preset-trial';
import { StatedFacts } from './stated-facts';

interface Props {
  readonly page: ModelPageModel;
  readonly act: (action: ModelPageAction) => void;
}

export function ModelApp({ page: { copy, draft }, act }: Props) {
  const { file, model, activity, isTrusted, notKept, offered, trial } = copy.now;
  const say = (message: FromModelPage): void => act({ kind: 'said', message });
  return (
    <main class="model" data-testid="model-page" data-ready={model !== undefined}>
      <ModelHeader file={file} model={model} say={say} />
      {!isTrusted && <Untrusted say={say} />}
      {/* Lies over what is known already, which it must not move. */}
      <div class={model === undefined ? 'reading' : 'messages'}>
        <ActivityBar
          activity={activity}
          whenCancelled="The file was not read."
          again="Read it"
          onCancel={() => say({ kind: 'cancel' })}
          onRetry={() => say({ kind: 'retry' })}
        />
      </div>
      {activity.kind === 'failed' && (
        <FileFailure failure={activity.failure} file={file} say={say} />
      )}
      {notKept !== undefined && <NotKept failure={notKept} />}
      {model !== undefined && (
        <div class="model-parts">
          <div class="column">
            <Preparation
              model={model}
              manifestName={file.manifest.name}
              draft={draft}
              onDraft={(next) => act({ kind: 'drafted', draft: next })}
              say={say}
            />
            <PresetTrial model={model} offered={offered} trial={trial} say={say} />
            <AssumedFacts model={model} say={say} />
            <StatedFacts model={model} manifestName={file.manifest.name} say={say} />
          </div>
          <div class="column">
            <FoundFacts model={model} />
            <ClassNames model={model} say={say}>
              {!model.comparesPhrases && <OutputField model={model} say={say} />}
            </ClassNames>
            <MethodsHere model={model} say={say} />
          </div>
        </div>
      )}
    </main>
  );
}

function Untrusted({ say }: { readonly say: (message: FromModelPage) => void }) {
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
