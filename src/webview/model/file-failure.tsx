/** Why a file is not shown as a model. */
import type { FailureData } from '../../shared/failure-data';
import type { ModelFile } from '../../shared/model-page/model-page-state';
import type { FromModelPage } from '../../shared/protocol/model-page';
import { FailureNotice } from '../components/failure-notice';

interface Props {
  readonly failure: FailureData;
  readonly file: ModelFile;
  readonly say: (message: FromModelPage) => void;
}

export function FileFailure({ failure, file, say }: Props) {
  return (
    <FailureNotice
      failure={failure}
      // The page is of this one file, and runs no method.
      without={['chooseModel', 'chooseMethod']}
      onAction={(action) => {
        if (action !== 'chooseModel' && action !== 'chooseMethod') say({ kind: action });
      }}
    >
      {file.manifest.exists && (
        <button type="button" class="secondary" onClick={() => say({ kind: 'openManifest' })}>
          Open {file.manifest.name}
        </button>
      )}
      {failure.code === 'model-unreadable' && (
        <button
          type="button"
          class="secondary"
          data-testid="open-as-text"
          onClick={() => say({ kind: 'openAsText' })}
        >
          Open as text
        </button>
      )}
    </FailureNotice>
  );
}
