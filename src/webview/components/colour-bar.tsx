/** The legend: which colour means how much relevance. */
import { useEffect, useRef } from 'preact/hooks';
import { colourMaps } from '../../shared/colour-map';
import { formatFigure } from '../../shared/format-number';
import { otsuColours, type DrawnHeatmap, type HeatmapStyle } from '../draw-heatmap';

interface Props {
  readonly drawn: DrawnHeatmap;
  readonly style: HeatmapStyle;
  /** Relevance under the cursor, marked on the bar. */
  readonly marked: number | undefined;
}

export function ColourBar({ drawn, style, marked }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    context?.putImageData(new ImageData(barPixels(style), 256, 1), 0, 0);
  }, [style]);
  const { low, high } = drawn;
  const position = marked === undefined || high <= low ? undefined : (marked - low) / (high - low);
  return (
    <div class="colour-bar" data-testid="colour-bar">
      <div class="colour-bar-strip">
        <canvas
          ref={canvas}
          width={256}
          height={1}
          role="img"
          aria-label={describe(drawn, style)}
        />
        {position !== undefined && !style.otsu && (
          <span
            class="colour-bar-mark"
            style={{ left: `${Math.min(1, Math.max(0, position)) * 100}%` }}
          />
        )}
      </div>
      <div class="colour-bar-labels" aria-hidden="true">
        {labels(drawn, style).map((label, at) => (
          <span key={at}>{label}</span>
        ))}
      </div>
    </div>
  );
}

function labels({ low, high }: DrawnHeatmap, { otsu, signed }: HeatmapStyle): readonly string[] {
  if (otsu) return ['below the threshold', 'above it'];
  if (signed) return [`${formatFigure(low)} against`, '0', `${formatFigure(high)} for`];
  // What is next to nothing beside the largest value reads better as nothing.
  const smallest = Math.abs(low) < 1e-4 * high ? '≈ 0' : formatFigure(low);
  return [smallest, 'relevance', formatFigure(high)];
}

function describe({ low, high }: DrawnHeatmap, { otsu, signed }: HeatmapStyle): string {
  if (otsu) return 'Colours: relevance below and above Otsu’s threshold';
  const kind = signed ? 'relevance against and for the class' : 'relevance';
  return `Colours: ${kind} from ${formatFigure(low)} to ${formatFigure(high)}`;
}

/** One row of 256 opaque RGBA pixels. */
function barPixels(style: HeatmapStyle): Uint8ClampedArray<ArrayBuffer> {
  const table = colourMaps[style.colourMap];
  const [little, much] = otsuColours(style);
  const pixels = new Uint8ClampedArray(256 * 4);
  for (let at = 0; at < 256; at++) {
    const position = style.otsu ? (at < 128 ? little : much) : at;
    pixels.set([...table.subarray(position * 3, position * 3 + 3), 255], at * 4);
  }
  return pixels;
}
