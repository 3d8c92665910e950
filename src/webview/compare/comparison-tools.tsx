/** How the maps of a comparison are drawn, and where they are saved. */
import type { MapKind } from '../../shared/look';
import { ViewControls } from '../components/view-controls';
import type { ComparisonView } from './comparison-page';
import { ZoomButtons } from '../components/zoom-buttons';
import { zoomStepped } from '../zoom';
import { zoomedAt } from './shared-zoom';

interface Props {
  readonly view: ComparisonView;
  /** Of all methods whose maps are there. */
  readonly kind: MapKind;
  readonly canSave: boolean;
  readonly onLook: (change: Partial<ComparisonView>) => void;
  readonly onSave: (format: 'png' | 'html') => void;
}

const formats = [
  ['png', 'Save PNG', 'Save all maps as one picture'],
  ['html', 'HTML', 'Save all maps as one page that needs nothing else'],
] as const;

export function ComparisonTools({ view, kind, canSave, onLook, onSave }: Props) {
  const { look, part, commonScale } = view;
  return (
    <div class="comparison-tools">
      <ViewControls
        view={look}
        kind={kind}
        onChange={(change) => onLook({ look: { ...look, ...change } })}
      />
      <button
        type="button"
        class="plain"
        data-testid="common-scale"
        title="One scale for all maps of a method, instead of one for each map (C)"
        aria-pressed={commonScale}
        onClick={() => onLook({ commonScale: !commonScale })}
      >
        Common scale
      </button>
      <div class="segments" role="group" aria-label="Zoom">
        <ZoomButtons
          zoom={part.zoom}
          onZoom={(by) => onLook({ part: zoomedAt(part, zoomStepped(part.zoom, by)) })}
        />
      </div>
      <div class="buttons" role="group" aria-label="Save">
        {formats.map(([format, name, title]) => (
          <button
            key={format}
            type="button"
            class="plain"
            data-testid={`save-${format}`}
            title={title}
            disabled={!canSave}
            onClick={() => onSave(format)}
          >
            {name}
          </button>
        ))}
      </div>
    </div>
  );
}
