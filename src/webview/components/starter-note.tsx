/** What the model that ships with the extension is good for, and one that knows more. */
import { formatBytes } from '../../shared/format-number';
import type { ModelListing } from '../../shared/model';

/** What is offered to whom the starter does not suffice. */
const knowsMore = { id: 'vit-small-patch16-224', classes: 1000 } as const;

/** For a class that the starter does not know. */
export const knownElsewhere = ` A model of ${knowsMore.classes.toLocaleString('en')} classes is offered above.`;

interface Props {
  /** Of the starter. */
  readonly classes: number;
  readonly models: readonly ModelListing[];
  readonly onChoose: (modelId: string) => void;
}

export function StarterNote({ classes, models, onChoose }: Props) {
  const larger = models.find(({ id }) => id === knowsMore.id);
  return (
    <p class="quiet" data-testid="starter-note">
      {`The starter model knows ${classes} everyday classes and is often wrong. `}
      {larger && (
        <button
          type="button"
          class="plain"
          data-testid="get-larger"
          onClick={() => onChoose(larger.id)}
        >
          {`${actionOn(larger)}: it knows ${knowsMore.classes.toLocaleString('en')}`}
        </button>
      )}
    </p>
  );
}

function actionOn({ name, onDisk, bytes }: ModelListing): string {
  if (onDisk) return `Use ${name}`;
  return bytes === undefined ? `Get ${name}` : `Get ${name} (${formatBytes(bytes)})`;
}
