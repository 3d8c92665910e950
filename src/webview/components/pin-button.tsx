/** Keeps the panel, or lets the next picture that is opened take its place. */
import { PinIcon } from './icons';

interface Props {
  readonly isPreview: boolean;
  readonly onKeep: (kept: boolean) => void;
}

export function PinButton({ isPreview, onKeep }: Props) {
  return (
    <button
      type="button"
      class="plain icon-button"
      data-testid="pin"
      aria-pressed={!isPreview}
      aria-label="Keep this panel"
      title={
        isPreview
          ? 'Keep this panel: the next picture that is opened would take its place'
          : 'Let the next picture that is opened take its place'
      }
      onClick={() => onKeep(isPreview)}
    >
      <PinIcon />
    </button>
  );
}
