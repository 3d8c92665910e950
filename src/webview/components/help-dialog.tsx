/** The keys, on demand. */
import type { RefObject } from 'preact';
import { shortcutHelp } from '../shortcuts';

export function HelpDialog({ dialogRef }: { readonly dialogRef: RefObject<HTMLDialogElement> }) {
  return (
    <dialog ref={dialogRef} class="help" data-testid="help" aria-labelledby="help-title">
      <h2 id="help-title">Keys</h2>
      <dl>
        {shortcutHelp.map(([keys, effect]) => (
          <div key={keys}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{effect}</dd>
          </div>
        ))}
      </dl>
      <form method="dialog">
        <button class="primary">Close</button>
      </form>
    </dialog>
  );
}
