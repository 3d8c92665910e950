/** A map as pixels, ready for a canvas. */
import { colourMaps } from '../shared/colour-map';
import type { ColourMapName } from '../shared/colour-map-names';
import { onScale, type ColourScale } from '../shared/colour-scale';
import { otsuSplit } from '../shared/otsu';
import { coverage } from '../shared/overlay';
import type { MapCells, ShownMap } from '../shared/shown-map';
import { normaliseMinMax, upsampleBilinear } from '../shared/upsample';

export interface HeatmapStyle {
  readonly colourMap: ColourMapName;
  /** Whether patches flow into each other; pixels never do. */
  readonly smooth: boolean;
  /** Only two colours, split by Otsu's threshold of the map as it is drawn. */
  readonly otsu: boolean;
}

export interface DrawnHeatmap {
  readonly width: number;
  readonly height: number;
  /** RGBA, `width · height · 4`; opaque, but that maps of both signs fade out around zero. */
  readonly pixels: Uint8ClampedArray<ArrayBuffer>;
  readonly scale: ColourScale;
}

/** A patch is drawn this many pixels wide when smooth: at least what the usual patch sizes have. */
const pixelsPerPatch = 16;

/**
 * Draws a map over exactly the area the model saw. Patches are one pixel each, to be enlarged
 * without smoothing. Drawn smoothly, Otsu's mask is that of the original Python code.
 */
export function drawHeatmap(shown: ShownMap, style: HeatmapStyle): DrawnHeatmap {
  const isSmooth = style.smooth && shown.grain === 'patches';
  const { values, shape } = isSmooth ? smoothed(shown) : shown;
  const [height, width] = shape;
  const { scale } = shown;
  const unit = onScale(values, scale);
  return {
    width,
    height,
    pixels: style.otsu ? twoColours(unit, scale, style) : colourAll(unit, scale, style),
    scale,
  };
}

/** The two colours of the threshold view: little and much evidence. */
export function otsuColours(
  colourMap: ColourMapName,
  { diverging }: ColourScale,
): readonly [number, number] {
  return [diverging ? 127 : 0, colourMaps[colourMap].length / 3 - 1];
}

function smoothed({ values, shape }: MapCells): MapCells {
  const [rows, columns] = shape;
  const fine = [rows * pixelsPerPatch, columns * pixelsPerPatch] as const;
  return { values: upsampleBilinear(values, shape, fine), shape: [...fine] };
}

function colourAll(unit: Float32Array, { diverging }: ColourScale, { colourMap }: HeatmapStyle) {
  const positions = Uint8Array.from(unit, (value) => Math.trunc(Math.fround(value * 255)));
  const pixels = paint(positions, colourMap);
  unit.forEach((value, pixel) => {
    pixels[pixel * 4 + 3] = 255 * coverage(value, diverging);
  });
  return pixels;
}

function twoColours(unit: Float32Array, scale: ColourScale, { colourMap }: HeatmapStyle) {
  const [little, much] = otsuColours(colourMap, scale);
  const { mask } = otsuSplit(normaliseMinMax(unit));
  return paint(
    mask.map((above) => (above === 1 ? much : little)),
    colourMap,
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
