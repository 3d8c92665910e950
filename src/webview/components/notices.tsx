/** Sentences that came with the result. */
import { InfoIcon } from './icons';

export function Notices({ notices }: { readonly notices: readonly string[] }) {
  if (notices.length === 0) return null;
  return (
    <ul class="notices" data-testid="notices" aria-label="Notices">
      {notices.map((notice) => (
        <li key={notice} class="note">
          <InfoIcon />
          <p>{notice}</p>
        </li>
      ))}
    </ul>
  );
}
