/** Whether a signed method shows what speaks against a class, too. */
import type { Evidence } from '../../shared/look';

interface Props {
  readonly evidence: Evidence;
  readonly onChange: (evidence: Evidence) => void;
}

export function AgainstToggle({ evidence, onChange }: Props) {
  return (
    <button
      type="button"
      class="plain"
      data-testid="against"
      title="Show evidence for and against the class on one scale, and not only for it (A)"
      aria-pressed={evidence === 'for-and-against'}
      onClick={() => onChange(otherEvidence(evidence))}
    >
      For and against
    </button>
  );
}

export function otherEvidence(evidence: Evidence): Evidence {
  return evidence === 'for' ? 'for-and-against' : 'for';
}
