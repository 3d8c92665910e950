/** Which model answers. */
import type { ModelListing } from '../../shared/model';
import { ModelSelect } from './model-select';

interface Props {
  readonly models: readonly ModelListing[];
  readonly chosen: string;
  /** Whether the settings name it. */
  readonly isSetting: boolean;
  readonly onChoose: (modelId: string) => void;
  readonly onBrowse: () => void;
  readonly onManage: () => void;
  readonly onUseForAll: () => void;
}

export function ModelChooser(props: Props) {
  const { isSetting, onManage, onUseForAll, ...list } = props;
  return (
    <div class="field">
      <label for="model">Model</label>
      <div class="field-row">
        <ModelSelect id="model" {...list} />
        <button type="button" class="plain" data-testid="manage-models" onClick={onManage}>
          Manage…
        </button>
      </div>
      {!isSetting && (
        <button
          type="button"
          class="plain"
          data-testid="use-for-all"
          title="Make it the setting; so far it is what this workspace used last"
          onClick={onUseForAll}
        >
          Use for all pictures
        </button>
      )}
    </div>
  );
}
