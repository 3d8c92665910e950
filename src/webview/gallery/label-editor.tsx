/** Labels that no class fits: the person says what they mean, and that is kept beside the dataset. */
import { useState } from 'preact/hooks';
import { searchClasses } from '../search-classes';
import type { GalleryDataset } from '../../shared/gallery/gallery-state';

interface Props {
  readonly dataset: GalleryDataset;
  readonly onMap: (label: string, index: number) => void;
}

/** A list of species, or captions in the label column, has thousands: their fields would stop the page. */
const mostFields = 100;

export function LabelEditor({ dataset: { unmatched, classes, mappingFile }, onMap }: Props) {
  const [open, setOpen] = useState(false);
  if (unmatched.length === 0) return null;
  return (
    <details
      class="labels"
      data-testid="labels"
      onToggle={({ currentTarget }) => setOpen(currentTarget.open)}
    >
      <summary>
        {unmatched.length === 1
          ? '1 label fits no class of the model'
          : `${unmatched.length} labels fit no class of the model`}
      </summary>
      <p class="quiet">
        {`Say which class each means; it is kept in ${mappingFile} beside the dataset. Until then their samples count in no accuracy.`}
      </p>
      {open && <Fields labels={unmatched.slice(0, mostFields)} classes={classes} onMap={onMap} />}
      {unmatched.length > mostFields && (
        <p class="quiet">
          {`And ${unmatched.length - mostFields} more, shown as these are settled. Many at once are faster written into ${mappingFile}.`}
        </p>
      )}
    </details>
  );
}

function Fields({
  labels,
  classes,
  onMap,
}: {
  readonly labels: readonly string[];
  readonly classes: readonly string[];
  readonly onMap: (label: string, index: number) => void;
}) {
  return (
    <>
      <datalist id="class-names">
        {classes.map((name, index) => (
          <option key={index} value={name} />
        ))}
      </datalist>
      <ul>
        {labels.map((label) => (
          <li key={label}>
            <LabelField label={label} classes={classes} onMap={onMap} />
          </li>
        ))}
      </ul>
    </>
  );
}

function LabelField({
  label,
  classes,
  onMap,
}: {
  readonly label: string;
  readonly classes: readonly string[];
  readonly onMap: (label: string, index: number) => void;
}) {
  const [typed, setTyped] = useState('');
  const exact = classes.indexOf(typed);
  const index = exact >= 0 ? exact : searchClasses(classes, typed, 1)[0]?.index;
  const id = `label-${label}`;
  return (
    <form
      class="field-row"
      onSubmit={(event) => {
        event.preventDefault();
        if (typed.trim() !== '' && index !== undefined) onMap(label, index);
      }}
    >
      <label for={id}>{label}</label>
      <input
        id={id}
        type="text"
        list="class-names"
        data-testid="label-class"
        placeholder="Class name or number"
        value={typed}
        onInput={(event) => setTyped(event.currentTarget.value)}
      />
      <button class="secondary" disabled={typed.trim() === '' || index === undefined}>
        {typed.trim() === '' || index === undefined ? 'Use' : `Use ${classes[index] ?? index}`}
      </button>
    </form>
  );
}
