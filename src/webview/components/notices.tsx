/** Sentences that came with the result. */
import { InfoIcon } from './icons';

interface Props {
  readonly notices: readonly string[];
  readonly label?: string;
}

export function Notices({ notices, label = 'Notices' }: Props) {
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
