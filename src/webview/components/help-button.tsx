/** Opens the list of a page's keys. */

export function HelpButton({ onOpen }: { readonly onOpen: () => void }) {
  return (
    <button
      type="button"
      class="plain icon-button help-button"
      data-testid="help-button"
      aria-label="Keys"
      title="Keys (?)"
      onClick={onOpen}
    >
      ?
    </button>
  );
}
