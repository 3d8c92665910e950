/** What the chosen model rests on without any file that says it, and a way to state it. */
import type { Assumption } from '../../shared/assumption';

interface Props {
  readonly assumed: readonly Assumption[];
  readonly onChange: () => void;
}

export function Assumptions({ assumed, onChange }: Props) {
  if (assumed.length === 0) return null;
  const subjects = [...new Set(assumed.map(({ subject }) => subject))];
  return (
    <details class="assumptions" data-testid="assumptions">
      <summary>Assumed: {inBrief(subjects)}</summary>
      <dl>
        {assumed.map(({ subject, value, reason }) => (
          <div key={`${subject} ${value}`}>
            <dt>{subject}</dt>
            <dd>
              {value}, <span class="quiet">since {reason}</span>
            </dd>
          </div>
        ))}
      </dl>
      <button
        type="button"
        class="plain"
        data-testid="change-assumptions"
        title="Open the model’s manifest"
        onClick={onChange}
      >
        Change…
      </button>
    </details>
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
