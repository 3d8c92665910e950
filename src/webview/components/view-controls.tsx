/** How the map is drawn over the picture. */
import type { Drawing, Looks } from '../../shared/panel/looks';
import {
  divergingColourMaps,
  sequentialColourMaps,
  type ColourMapInfo,
} from '../../shared/colour-map-names';
import type { MapKind } from '../../shared/look';
import { divergingName, drawingOf, drawingsOf, sequentialName } from '../view-state';
import { AgainstToggle } from './against-toggle';

interface Props {
  readonly view: Looks;
  readonly kind: MapKind;
  readonly onChange: (change: Partial<Looks>) => void;
}

export function ViewControls({ view, kind, onChange }: Props) {
  const percent = Math.round(view.opacity * 100);
  const isDiverging = kind.signed && view.evidence === 'for-and-against';
  const maps: readonly ColourMapInfo[] = isDiverging ? divergingColourMaps : sequentialColourMaps;
  return (
    <div class="view-controls" role="group" aria-label="How the map is drawn">
      <label class="control">
        <span>Opacity</span>
        <input
          type="range"
          data-testid="opacity"
          min="0"
          max="100"
          step="5"
          value={percent}
          aria-valuetext={`${percent} per cent`}
          onInput={(event) => onChange({ opacity: event.currentTarget.valueAsNumber / 100 })}
        />
      </label>
      <label class="control">
        <span>Colours</span>
        <select
          data-testid="colour-map"
          value={isDiverging ? divergingName(view) : sequentialName(view)}
          onChange={(event) => {
            const name = event.currentTarget.value;
            onChange(isDiverging ? { divergingColourMap: name } : { colourMap: name });
          }}
        >
          <ColourMapOptions maps={maps} />
        </select>
      </label>
      <div class="segments" role="group" aria-label="Drawing">
        {drawingsOf(kind).map((drawing) => (
          <Toggle
            key={drawing}
            name={drawingNames[drawing]}
            testId={`drawing-${drawing}`}
            pressed={drawing === drawingOf(view, kind)}
            onClick={() => onChange({ drawing })}
          />
        ))}
      </div>
      {kind.signed && (
        <AgainstToggle evidence={view.evidence} onChange={(evidence) => onChange({ evidence })} />
      )}
      <Toggle
        name="Threshold"
        testId="otsu"
        title="Split the map in two by Otsu’s threshold (T)"
        pressed={view.otsu}
        onClick={() => onChange({ otsu: !view.otsu })}
      />
      <Toggle
        name="Original"
        testId="original"
        title="Show the picture without the map (O or Space; hold for a glance)"
        pressed={view.showOriginal}
        onClick={() => onChange({ showOriginal: !view.showOriginal })}
      />
    </div>
  );
}

const drawingNames: Readonly<Record<Drawing, string>> = {
  smooth: 'Smooth',
  patches: 'Patches',
  pixels: 'Pixels',
};

function ColourMapOptions({ maps }: { readonly maps: readonly ColourMapInfo[] }) {
  const options = (even: boolean) =>
    maps
      .filter((map) => map.even === even)
      .map(({ name, title }) => (
        <option key={name} value={name}>
          {title}
        </option>
      ));
  const uneven = options(false);
  if (uneven.length === 0) return <>{options(true)}</>;
  return (
    <>
      <optgroup label="Perceptually even">{options(true)}</optgroup>
      <optgroup label="For comparison">{uneven}</optgroup>
    </>
  );
}

interface ToggleProps {
  readonly name: string;
  readonly testId: string;
  readonly title?: string;
  readonly pressed: boolean;
  readonly onClick: () => void;
}

function Toggle({ name, testId, title, pressed, onClick }: ToggleProps) {
  return (
    <button
      type="button"
      class="plain"
      data-testid={testId}
      title={title}
      aria-pressed={pressed}
      onClick={onClick}
    >
      {name}
    </button>
  );
}
