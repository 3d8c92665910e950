/** Which file it is, and what can be done with it. */
import { formatBytes } from '../../shared/format-number';
import type { ModelFile, ShownModel } from '../../shared/model-page/model-page-state';
import type { FromModelPage } from '../../shared/protocol/model-page';

interface Props {
  readonly file: ModelFile;
  /** Undefined until it is read. */
  readonly model: ShownModel | undefined;
  readonly say: (message: FromModelPage) => void;
}

const kinds = {
  onnx: 'ONNX',
  checkpoint: 'checkpoint',
  probe: 'linear probe',
} satisfies Record<ShownModel['kind'], string>;

export function ModelHeader({ file, model, say }: Props) {
  const known = [
    ...(model === undefined ? [] : [kinds[model.kind]]),
    ...(file.bytes === undefined ? [] : [formatBytes(file.bytes)]),
    file.folder,
  ];
  return (
    <header class="model-header">
      <div>
        <h1>{model?.name ?? file.name}</h1>
        <p class="quiet" data-testid="file">
          {[...(model === undefined || model.name === file.name ? [] : [file.name]), ...known].join(
            ' · ',
          )}
        </p>
      </div>
      {model !== undefined && (
        <div class="buttons">
          <button
            type="button"
            class="primary"
            data-testid="explain"
            onClick={() => say({ kind: 'explain' })}
          >
            Explain a picture…
          </button>
          {model.fixed === undefined && (
            <button
              type="button"
              class="secondary"
              data-testid="open-manifest"
              title="Open the manifest with all that was assumed written out"
              onClick={() => say({ kind: 'openManifest' })}
            >
              Open {file.manifest.name}
            </button>
          )}
        </div>
      )}
    </header>
  );
}
