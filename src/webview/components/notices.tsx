/** Sentences that came with the result. */
import { InfoIcon } from './icons';

interface Props {
  readonly label?: 'Notices' | 'Remarks';
  readonly notices: readonly string[];
}

export function Notices({ label = 'Notices', notices }: Props) {
  if (notices.length === 0) return null;
  return (
    <ul
      class="notices"
      data-testid={label === 'Remarks' ? 'remarks' : 'notices'}
      aria-label={label}
    >
      {notices.map((notice) => (
        <li key={notice} class="note">
          <InfoIcon />
          <p>{notice}</p>
        </li>
      ))}
    </ul>
  );
}
