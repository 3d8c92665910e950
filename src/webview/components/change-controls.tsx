/** What if: a rectangle of the picture covered, or the picture brought into the model's shape otherwise. */
import {
  isFull,
  mostCovers,
  withFit,
  type CoverFill,
  type PictureChange,
  type PictureFit,
} from '../../shared/picture-change';
import type { Marker } from '../use-marking';
import { Select } from './select';

interface Props {
  readonly change: PictureChange | undefined;
  readonly fill: CoverFill;
  readonly marker: Marker;
  readonly onFill: (fill: CoverFill) => void;
  readonly onChange: (change: PictureChange | undefined) => void;
}

export function ChangeControls({ change, fill, marker, onFill, onChange }: Props) {
  const { marking, size } = marker;
  const isCovering = marking?.of === 'cover';
  return (
    <div class="change-controls" role="group" aria-label="What if" data-testid="change-controls">
      <button
        id="cover"
        type="button"
        class="plain"
        data-testid="cover"
        title={
          isFull(change)
            ? `There may be ${mostCovers} rectangles and no more`
            : 'What if: cover a rectangle of the picture, and see what becomes of classes and map (W)'
        }
        aria-pressed={isCovering}
        aria-disabled={size === undefined || isFull(change)}
        onClick={() => {
          if (isCovering) marker.end();
          else marker.begin('cover');
        }}
      >
        Cover
      </button>
      <Select
        testId="cover-fill"
        label="Cover with"
        chosen={fill}
        offered={fills}
        onChoose={({ id }) => onFill(id)}
      />
      <label class="control" title="How this picture is brought into the shape that the model sees">
        <span>Fit</span>
        <Select
          testId="fit"
          chosen={marking?.of === 'window' ? 'window' : fitId(change?.fit)}
          offered={fits}
          onChoose={({ id }) => {
            if (id === 'window') {
              marker.begin('window');
            } else {
              marker.end();
              onChange(withFit(change, id === 'own' ? undefined : id));
            }
          }}
        />
      </label>
    </div>
  );
}

const fills = [
  { id: 'mean', name: 'Mean colour' },
  { id: 'blur', name: 'Blur' },
] as const;

const fits = [
  { id: 'own', name: 'Model’s own' },
  { id: 'crop', name: 'Centre crop' },
  { id: 'squash', name: 'Squash' },
  { id: 'pad', name: 'Pad' },
  { id: 'window', name: 'Window…' },
] as const;

function fitId(fit: PictureFit | undefined): (typeof fits)[number]['id'] {
  return fit === undefined ? 'own' : typeof fit === 'string' ? fit : 'window';
}
