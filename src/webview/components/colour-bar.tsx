/** The legend: which colour means how much relevance. */
import { useEffect, useRef } from 'preact/hooks';
import { colourMaps } from '../../shared/colour-map';
import { formatFigure } from '../../shared/format-number';
import type { ColourScale } from '../../shared/colour-scale';
import type { Evidence } from '../../shared/look';
import { otsuColours, type HeatmapStyle } from '../draw-heatmap';

interface Props {
  readonly scale: ColourScale;
  readonly style: HeatmapStyle;
  /** What a signed method shows. */
  readonly kind: Evidence | undefined;
  /** Relevance under the cursor, marked on the bar. */
  readonly marked: number | undefined;
}

export function ColourBar({ scale, style, kind, marked }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    context?.putImageData(new ImageData(barPixels(style, scale), 256, 1), 0, 0);
  }, [style, scale]);
  const { low, high } = scale;
  const position = marked === undefined || high <= low ? undefined : (marked - low) / (high - low);
  return (
    <div class="colour-bar" data-testid="colour-bar">
      <div class="colour-bar-strip">
        <canvas
          ref={canvas}
          width={256}
          height={1}
          role="img"
          aria-label={describe(scale, style, kind)}
        />
        {position !== undefined && !style.otsu && (
          <span
            class="colour-bar-mark"
            style={{ left: `${Math.min(1, Math.max(0, position)) * 100}%` }}
          />
        )}
      </div>
      <div class="colour-bar-labels" aria-hidden="true">
        {labels(scale, style, kind).map((label, at) => (
          <span key={at}>{label}</span>
        ))}
      </div>
    </div>
  );
}

function labels(
  scale: ColourScale,
  { otsu }: HeatmapStyle,
  kind: Evidence | undefined,
): readonly string[] {
  if (otsu) return ['below the threshold', 'above it'];
  const [low, high] = ends(scale);
  if (kind === 'for-and-against') return [`${low} against`, '0', `${high} for`];
  return [low, kind === 'for' ? 'evidence for' : 'relevance', high];
}

function describe(scale: ColourScale, { otsu }: HeatmapStyle, kind: Evidence | undefined): string {
  if (otsu) return 'Colours: relevance below and above Otsu’s threshold';
  const [low, high] = ends(scale);
  return `Colours: ${kind === undefined ? 'relevance' : kinds[kind]} from ${low} to ${high}`;
}

const kinds: Readonly<Record<Evidence, string>> = {
  for: 'relevance for the class',
  'for-and-against': 'relevance against and for the class',
};

/** What the colours at both ends mean. */
function ends({ low, high, diverging, clipped }: ColourScale): readonly [string, string] {
  const most = `${clipped ? '≥ ' : ''}${formatFigure(high)}`;
  if (diverging) return [`${clipped ? '≤ ' : ''}${formatFigure(low)}`, most];
  // What is next to nothing beside the largest value reads better as nothing.
  return [low !== 0 && Math.abs(low) < 1e-4 * high ? '≈ 0' : formatFigure(low), most];
}

/** One row of 256 opaque RGBA pixels. */
function barPixels(style: HeatmapStyle, scale: ColourScale): Uint8ClampedArray<ArrayBuffer> {
  const table = colourMaps[style.colourMap];
  const [little, much] = otsuColours(style.colourMap, scale);
  const pixels = new Uint8ClampedArray(256 * 4);
  for (let at = 0; at < 256; at++) {
    const position = style.otsu ? (at < 128 ? little : much) : at;
    pixels.set([...table.subarray(position * 3, position * 3 + 3), 255], at * 4);
  }
  return pixels;
}
