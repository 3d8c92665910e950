/** Which model answers. */
import { formatBytes } from '../../shared/format-number';
import type { ModelListing } from '../../shared/model';

interface Props {
  readonly models: readonly ModelListing[];
  readonly chosen: string;
  readonly onChoose: (modelId: string) => void;
  readonly onManage: () => void;
}

export function ModelChooser({ models, chosen, onChoose, onManage }: Props) {
  const known = models.some(({ id }) => id === chosen);
  return (
    <div class="field">
      <label for="model">Model</label>
      <div class="field-row">
        <select
          id="model"
          data-testid="model"
          value={chosen}
          onChange={(event) => onChoose(event.currentTarget.value)}
        >
          {!known && <option value={chosen}>{chosen}</option>}
          {models.map((model) => (
            <option key={model.id} value={model.id}>
              {describe(model)}
            </option>
          ))}
        </select>
        <button type="button" class="plain" data-testid="manage-models" onClick={onManage}>
          Manage…
        </button>
      </div>
    </div>
  );
}

function describe({ name, onDisk, bytes }: ModelListing): string {
  if (onDisk) return name;
  return bytes === undefined ? `${name} – download` : `${name} – download ${formatBytes(bytes)}`;
}
