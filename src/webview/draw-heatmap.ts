/** A map as pixels, ready for a canvas. */
import { colourMaps } from '../shared/colour-map';
import type { ColourMapName } from '../shared/colour-map-names';
import type { Heatmap } from '../shared/explanation';
import { otsuSplit } from '../shared/otsu';
import { coverage } from '../shared/overlay';
import { normaliseAroundZero, normaliseMinMax, range, upsampleBilinear } from '../shared/upsample';

export interface HeatmapStyle {
  readonly colourMap: ColourMapName;
  readonly drawing: 'smooth' | 'patches';
  /** Evidence for and against: zero takes the middle of the colour map. */
  readonly signed: boolean;
  /** Only two colours, split by Otsu's threshold. */
  readonly otsu: boolean;
}

export interface DrawnHeatmap {
  readonly width: number;
  readonly height: number;
  /** RGBA, `width · height · 4`; opaque, but that signed maps fade out around zero. */
  readonly pixels: Uint8ClampedArray<ArrayBuffer>;
  /** Relevance at the two ends of the colour map. */
  readonly low: number;
  readonly high: number;
}

/** A patch is drawn this many pixels wide when smooth: at least what the usual patch sizes have. */
const pixelsPerPatch = 16;

/**
 * Draws a map over exactly the area the model saw. Patches are one pixel each, to be enlarged
 * without smoothing. Otsu's mask is that of the smoothed map, as in the original Python code.
 */
export function drawHeatmap(heatmap: Heatmap, style: HeatmapStyle): DrawnHeatmap {
  const smooth = style.drawing === 'smooth' || style.otsu;
  const { values, height, width } = smooth ? smoothed(heatmap) : plain(heatmap);
  const [smallest, largest] = range(values);
  const extent = Math.max(Math.abs(smallest), Math.abs(largest));
  return {
    width,
    height,
    pixels: style.otsu ? twoColours(values, style) : colourAll(values, style),
    low: style.signed ? -extent : smallest,
    high: style.signed ? extent : largest,
  };
}

/** The two colours of the threshold view: little and much evidence. */
export function otsuColours({ colourMap, signed }: HeatmapStyle): readonly [number, number] {
  return [signed ? 127 : 0, colourMaps[colourMap].length / 3 - 1];
}

interface Values {
  readonly values: Float32Array;
  readonly height: number;
  readonly width: number;
}

function plain({ values, shape: [height, width] }: Heatmap): Values {
  return { values, height, width };
}

function smoothed(heatmap: Heatmap): Values {
  const [rows, columns] = heatmap.shape;
  // A map of pixels is as fine as the model's input already.
  const scale = Math.max(rows, columns) > 64 ? 1 : pixelsPerPatch;
  const height = rows * scale;
  const width = columns * scale;
  return {
    values: upsampleBilinear(heatmap.values, heatmap.shape, [height, width]),
    height,
    width,
  };
}

function colourAll(values: Float32Array, { colourMap, signed }: HeatmapStyle) {
  const unit = signed ? normaliseAroundZero(values) : normaliseMinMax(values);
  const positions = Uint8Array.from(unit, (value) => Math.trunc(Math.fround(value * 255)));
  const pixels = paint(positions, colourMap);
  unit.forEach((value, pixel) => {
    pixels[pixel * 4 + 3] = 255 * coverage(value, signed);
  });
  return pixels;
}

function twoColours(values: Float32Array, style: HeatmapStyle) {
  const [little, much] = otsuColours(style);
  const { mask } = otsuSplit(normaliseMinMax(values));
  return paint(
    mask.map((above) => (above === 1 ? much : little)),
    style.colourMap,
  );
}

/** Opaque pixels from positions in a colour table. */
function paint(positions: Uint8Array, colourMap: ColourMapName): Uint8ClampedArray<ArrayBuffer> {
  const colours = colourMaps[colourMap];
  const pixels = new Uint8ClampedArray(positions.length * 4);
  positions.forEach((position, pixel) => {
    pixels.set(colours.subarray(position * 3, position * 3 + 3), pixel * 4);
    pixels[pixel * 4 + 3] = 255;
  });
  return pixels;
}
