/** That this is not the picture, or not the preparation, that there is: what was changed, and the ways back. */
import { useRef } from 'preact/hooks';
import { changeInBrief } from '../../shared/change-in-words';
import { coversOf, withCovers, type PictureChange } from '../../shared/picture-change';
import { useHeldFocus } from '../use-held-focus';

interface Props {
  readonly change: PictureChange | undefined;
  readonly onChange: (change: PictureChange | undefined) => void;
  readonly onMoveWindow: () => void;
}

export function ChangedLine({ change, onChange, onMoveWindow }: Props) {
  const line = useRef<HTMLDivElement>(null);
  useHeldFocus(line);
  const count = coversOf(change).length;
  return (
    <div
      ref={line}
      class="changed"
      data-testid="changed"
      role="group"
      aria-label="How the picture is changed"
      tabIndex={-1}
    >
      <p role="status">
        {change !== undefined && `What if: ${changeInBrief(change)}; for this picture only.`}
      </p>
      {change !== undefined && (
        <div class="buttons">
          {count > 0 && (
            <Way
              id="undo"
              name="Undo"
              title="Take the last rectangle away (Ctrl+Z)"
              onClick={() => onChange(withCovers(change, count - 1))}
            />
          )}
          {count > 0 && (
            <Way
              id="uncover"
              name="Uncover All"
              title="Take all rectangles away"
              onClick={() => onChange(withCovers(change, 0))}
            />
          )}
          {typeof change.fit === 'object' && (
            <Way
              id="move-window"
              name="Move Window"
              title="Drag the part that the model sees"
              onClick={onMoveWindow}
            />
          )}
          {change.fit !== undefined && (
            <Way
              id="restore"
              name="As It Is"
              title="Explain the picture as it is, prepared as the model is"
              onClick={() => onChange(undefined)}
            />
          )}
        </div>
      )}
    </div>
  );
}

interface WayProps {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly onClick: () => void;
}

function Way({ id, name, title, onClick }: WayProps) {
  return (
    <button type="button" class="plain" data-testid={id} title={title} onClick={onClick}>
      {name}
    </button>
  );
}
