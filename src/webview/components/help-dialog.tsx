/** The keys, on demand. */
import type { RefObject } from 'preact';

interface Props {
  readonly dialogRef: RefObject<HTMLDialogElement>;
  readonly keys: readonly (readonly [keys: string, effect: string])[];
}

export function HelpDialog({ dialogRef, keys: listed }: Props) {
  return (
    <dialog ref={dialogRef} class="help" data-testid="help" aria-labelledby="help-title">
      <h2 id="help-title">Keys</h2>
      <dl>
        {listed.map(([keys, effect]) => (
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
