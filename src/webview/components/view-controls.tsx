/** How the map is drawn over the picture. */
import {
  divergingColourMaps,
  sequentialColourMaps,
  type ColourMapInfo,
} from '../../shared/colour-map-names';
import type { HeatmapStyle } from '../draw-heatmap';
import type { Looks } from '../view-state';

interface Props {
  readonly view: Looks;
  readonly style: HeatmapStyle;
  readonly onChange: (change: Partial<Looks>) => void;
}

export function ViewControls({ view, style, onChange }: Props) {
  const percent = Math.round(view.opacity * 100);
  const maps: readonly ColourMapInfo[] = style.signed ? divergingColourMaps : sequentialColourMaps;
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
          value={style.colourMap}
          onChange={(event) => {
            const name = event.currentTarget.value;
            onChange(style.signed ? { divergingColourMap: name } : { colourMap: name });
          }}
        >
          <ColourMapOptions maps={maps} />
        </select>
      </label>
      <div class="segments" role="group" aria-label="Drawing">
        <Toggle
          name="Smooth"
          testId="drawing-smooth"
          pressed={view.drawing === 'smooth'}
          onClick={() => onChange({ drawing: 'smooth' })}
        />
        <Toggle
          name="Patches"
          testId="drawing-patches"
          pressed={view.drawing === 'patches'}
          onClick={() => onChange({ drawing: 'patches' })}
        />
      </div>
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
