/** Taking the picture or the figures elsewhere. */

export type SaveKind = 'png' | 'copy' | 'json' | 'npy';

interface Props {
  readonly disabled: boolean;
  readonly onSave: (kind: SaveKind) => void;
}

const buttons: readonly (readonly [kind: SaveKind, name: string, title: string])[] = [
  ['png', 'Save PNG', 'Save the picture with the map over it'],
  ['copy', 'Copy', 'Copy the picture with the map over it'],
  ['json', 'JSON', 'Export classes and raw relevance as JSON'],
  ['npy', 'NPY', 'Export raw relevance for NumPy'],
];

export function SaveButtons({ disabled, onSave }: Props) {
  return (
    <div class="buttons save-buttons" role="group" aria-label="Save and export">
      {buttons.map(([kind, name, title]) => (
        <button
          key={kind}
          type="button"
          class="plain"
          data-testid={`save-${kind}`}
          title={title}
          aria-disabled={disabled}
          onClick={() => {
            if (!disabled) onSave(kind);
          }}
        >
          {name}
        </button>
      ))}
    </div>
  );
}
