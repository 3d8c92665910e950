import { describe, expect, it } from 'vitest';
import { colourMaps } from '../../src/shared/colour-map';
import { usualLook, type Look, type MapKind } from '../../src/shared/look';
import { shownMap, type MapCells, type ShownMap } from '../../src/shared/shown-map';
import { drawHeatmap, type DrawnHeatmap, type HeatmapStyle } from '../../src/webview/draw-heatmap';

const cells: MapCells = { values: Float32Array.of(-1, 0, 1, 3), shape: [2, 2] };
const plain: MapKind = { signed: false, pixels: false };
const heatmap = shown(cells, plain);
const style: HeatmapStyle = {
  colourMap: 'viridis',
  smooth: false,
  otsu: false,
};

function shown(map: MapCells, kind: MapKind, look: Partial<Look> = {}): ShownMap {
  return shownMap(map, kind, [2, 2], { ...usualLook, ...look });
}

function pixel({ pixels, width }: DrawnHeatmap, row: number, column: number): number[] {
  return [...pixels.subarray((row * width + column) * 4, (row * width + column) * 4 + 4)];
}

function colour(name: HeatmapStyle['colourMap'], position: number, alpha = 255): number[] {
  return [...colourMaps[name].subarray(position * 3, position * 3 + 3), alpha];
}

describe('drawHeatmap', () => {
  it('draws one exact pixel a patch, from the smallest to the largest value', () => {
    const drawn = drawHeatmap(heatmap, style);
    expect([drawn.width, drawn.height, drawn.scale.low, drawn.scale.high]).toEqual([2, 2, -1, 3]);
    // The picture shows through where there is little evidence: three tenths of the colour.
    expect(pixel(drawn, 0, 0)).toEqual(colour('viridis', 0, 76));
    expect(pixel(drawn, 0, 1)).toEqual(colour('viridis', 63, 188));
    expect(pixel(drawn, 1, 0)).toEqual(colour('viridis', 127));
    expect(pixel(drawn, 1, 1)).toEqual(colour('viridis', 255));
  });

  it('draws smoothly, corners as the patches themselves and bilinear between them', () => {
    const drawn = drawHeatmap(heatmap, { ...style, smooth: true });
    expect([drawn.width, drawn.height]).toEqual([32, 32]);
    expect(pixel(drawn, 0, 0)).toEqual(colour('viridis', 0, 76));
    expect(pixel(drawn, 31, 31)).toEqual(colour('viridis', 255));
    // Half a pixel before the middle: 0.46875 of the way from the first row and column to the second.
    const [above, below] = [-1 + 0.46875, 1 + 2 * 0.46875];
    const value = above + (below - above) * 0.46875;
    expect(pixel(drawn, 15, 15)).toEqual(colour('viridis', Math.trunc((255 * (value + 1)) / 4)));
  });

  it('keeps zero in the middle of a diverging map and lets the picture through there', () => {
    const both = shown(cells, { ...plain, signed: true }, { evidence: 'for-and-against' });
    const drawn = drawHeatmap(both, { ...style, colourMap: 'blue-red' });
    expect([drawn.scale.low, drawn.scale.high]).toEqual([-3, 3]);
    expect(pixel(drawn, 0, 1)).toEqual(colour('blue-red', 127, 0));
    expect(pixel(drawn, 1, 1)).toEqual(colour('blue-red', 255));
    expect(pixel(drawn, 0, 0)).toEqual(colour('blue-red', 85, 170));
    expect(pixel(drawn, 1, 0)).toEqual(colour('blue-red', 170, 170));
  });

  it('draws the evidence for the class alone in even colours, nothing where it speaks against', () => {
    const drawn = drawHeatmap(shown(cells, { ...plain, signed: true }), style);
    expect([drawn.scale.low, drawn.scale.high]).toEqual([0, 3]);
    expect(pixel(drawn, 0, 0)).toEqual(colour('viridis', 0, 76));
    expect(pixel(drawn, 0, 0)).toEqual(pixel(drawn, 0, 1));
    expect(pixel(drawn, 1, 0)).toEqual(colour('viridis', 85, 225));
    expect(pixel(drawn, 1, 1)).toEqual(colour('viridis', 255));
  });

  it('splits the map as it is drawn in two colours by Otsu’s threshold: patches are of one colour each', () => {
    const drawn = drawHeatmap(heatmap, { ...style, otsu: true });
    expect([drawn.width, drawn.height]).toEqual([2, 2]);
    expect([0, 1].map((column) => pixel(drawn, 0, column))).toEqual([
      colour('viridis', 0),
      colour('viridis', 0),
    ]);
    expect(pixel(drawn, 1, 1)).toEqual(colour('viridis', 255));
  });

  it('splits the smoothed map in two colours by Otsu’s threshold', () => {
    const drawn = drawHeatmap(heatmap, { ...style, smooth: true, otsu: true });
    expect(drawn.width).toBe(32);
    expect(pixel(drawn, 0, 0)).toEqual(colour('viridis', 0));
    expect(pixel(drawn, 31, 31)).toEqual(colour('viridis', 255));
    expect(new Set(Array.from(drawn.pixels).map(String)).size).toBeLessThanOrEqual(7);
  });

  it('draws a map of pixels as it is', () => {
    const pixels: MapCells = { values: new Float32Array(224 * 224), shape: [224, 224] };
    const map = shown(pixels, { ...plain, pixels: true }, { grain: 'pixels' });
    const drawn = drawHeatmap(map, { ...style, smooth: true });
    expect([drawn.width, drawn.height]).toEqual([224, 224]);
  });

  it('draws an empty map in the colour of nothing', () => {
    const flat = shown({ ...cells, values: new Float32Array(4) }, plain);
    expect(pixel(drawHeatmap(flat, style), 1, 1)).toEqual(colour('viridis', 0, 76));
    expect(pixel(drawHeatmap(flat, { ...style, otsu: true }), 1, 1)).toEqual(colour('viridis', 0));
  });
});
