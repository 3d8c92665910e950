/** A list of models by where they are, and at its end any file of this machine. */
import { formatBytes } from '../../shared/format-number';
import type { ModelListing } from '../../shared/model';
import { modelGroups } from '../../shared/model-groups';

interface Props {
  /** Of the list in the page, and for tests. */
  readonly id: string;
  readonly models: readonly ModelListing[];
  readonly chosen: string;
  readonly onChoose: (modelId: string) => void;
  readonly onBrowse: () => void;
}

const browse = 'browse:';

export function ModelSelect({ id, models, chosen, onChoose, onBrowse }: Props) {
  const isListed = models.some((model) => model.id === chosen);
  const isAlone = (model: ModelListing) =>
    models.every((other) => other === model || other.name !== model.name);
  return (
    <select
      id={id}
      data-testid={id}
      value={chosen}
      onChange={({ currentTarget }) => {
        const { value } = currentTarget;
        // The dialog may be left with nothing chosen.
        currentTarget.value = chosen;
        if (value === browse) onBrowse();
        else onChoose(value);
      }}
    >
      {!isListed && <option value={chosen}>{chosen}</option>}
      {modelGroups(models).map(({ label, models: listed }) => (
        <optgroup key={label} label={label}>
          {listed.map((model) => (
            <option key={model.id} value={model.id} title={model.place}>
              {describe(model, isAlone(model))}
            </option>
          ))}
        </optgroup>
      ))}
      <option value={browse}>A model file…</option>
    </select>
  );
}

function describe({ name, place, onDisk, bytes }: ModelListing, isAlone: boolean): string {
  const told = isAlone || place === undefined ? name : `${name} – ${place}`;
  if (onDisk) return told;
  return bytes === undefined ? told : `${told}, ${formatBytes(bytes)}`;
}
