/** How the picture was prepared for the model, what else was assumed of it, and the way to its page. */
import type { Assumption } from '../../shared/assumption';

interface Props {
  /** As in: `Prepared as timm ViT: short side 248, centre 224, mean 0.5`. */
  readonly prepared: string;
  readonly assumed: readonly Assumption[];
  readonly onChange: () => void;
}

export function PreparedLine({ prepared, assumed, onChange }: Props) {
  const subjects = new Set(assumed.map(({ subject }) => subject));
  subjects.delete('preprocessing');
  const others = subjects.size === 0 ? '' : `; assumed: ${inBrief([...subjects])}`;
  return (
    <p class="prepared quiet" data-testid="prepared">
      {`${prepared}${others} `}
      <button
        type="button"
        class="link"
        data-testid="change-prepared"
        title="Show what was found in the model and assumed of it, and change it"
        onClick={onChange}
      >
        Change…
      </button>
    </p>
  );
}

/** One line also where much is assumed. */
function inBrief(subjects: readonly string[]): string {
  const more = subjects.length - named;
  return more <= 1
    ? subjects.join(', ')
    : `${subjects.slice(0, named).join(', ')} and ${more} more`;
}

const named = 2;
