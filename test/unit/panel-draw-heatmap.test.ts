import { describe, expect, it } from 'vitest';
import { colourMaps } from '../../src/shared/colour-map';
import type { Heatmap } from '../../src/shared/explanation';
import { drawHeatmap, type DrawnHeatmap, type HeatmapStyle } from '../../src/webview/draw-heatmap';

const heatmap: Heatmap = {
  index: 0,
  label: 'cat',
  values: Float32Array.of(-1, 0, 1, 3),
  shape: [2, 2],
};
const style: HeatmapStyle = {
  colourMap: 'viridis',
  drawing: 'patches',
  signed: false,
  otsu: false,
};

function pixel({ pixels, width }: DrawnHeatmap, row: number, column: number): number[] {
  return [...pixels.subarray((row * width + column) * 4, (row * width + column) * 4 + 4)];
}

function colour(name: HeatmapStyle['colourMap'], position: number, alpha = 255): number[] {
  return [...colourMaps[name].subarray(position * 3, position * 3 + 3), alpha];
}

describe('drawHeatmap', () => {
  it('draws one exact pixel a patch, from the smallest to the largest value', () => {
    const drawn = drawHeatmap(heatmap, style);
    expect([drawn.width, drawn.height, drawn.low, drawn.high]).toEqual([2, 2, -1, 3]);
    // The picture shows through where there is little evidence: three tenths of the colour.
    expect(pixel(drawn, 0, 0)).toEqual(colour('viridis', 0, 76));
    expect(pixel(drawn, 0, 1)).toEqual(colour('viridis', 63, 188));
    expect(pixel(drawn, 1, 0)).toEqual(colour('viridis', 127));
    expect(pixel(drawn, 1, 1)).toEqual(colour('viridis', 255));
  });

  it('draws smoothly, corners as the patches themselves and bilinear between them', () => {
    const drawn = drawHeatmap(heatmap, { ...style, drawing: 'smooth' });
    expect([drawn.width, drawn.height]).toEqual([32, 32]);
    expect(pixel(drawn, 0, 0)).toEqual(colour('viridis', 0, 76));
    expect(pixel(drawn, 31, 31)).toEqual(colour('viridis', 255));
    // Half a pixel before the middle: 0.46875 of the way from the first row and column to the second.
    const [above, below] = [-1 + 0.46875, 1 + 2 * 0.46875];
    const value = above + (below - above) * 0.46875;
    expect(pixel(drawn, 15, 15)).toEqual(colour('viridis', Math.trunc((255 * (value + 1)) / 4)));
  });

  it('keeps zero in the middle of a diverging map and lets the picture through there', () => {
    const drawn = drawHeatmap(heatmap, { ...style, colourMap: 'blue-red', signed: true });
    expect([drawn.low, drawn.high]).toEqual([-3, 3]);
    expect(pixel(drawn, 0, 1)).toEqual(colour('blue-red', 127, 0));
    expect(pixel(drawn, 1, 1)).toEqual(colour('blue-red', 255));
    expect(pixel(drawn, 0, 0)).toEqual(colour('blue-red', 85, 170));
    expect(pixel(drawn, 1, 0)).toEqual(colour('blue-red', 170, 170));
  });

  it('splits the smoothed map in two colours by Otsu’s threshold, patches or not', () => {
    const drawn = drawHeatmap(heatmap, { ...style, otsu: true });
    expect(drawn.width).toBe(32);
    expect(pixel(drawn, 0, 0)).toEqual(colour('viridis', 0));
    expect(pixel(drawn, 31, 31)).toEqual(colour('viridis', 255));
    expect(new Set(Array.from(drawn.pixels).map(String)).size).toBeLessThanOrEqual(7);
  });

  it('draws a map of pixels as it is', () => {
    const pixels = { ...heatmap, values: new Float32Array(224 * 224), shape: [224, 224] as const };
    const drawn = drawHeatmap(pixels, { ...style, drawing: 'smooth' });
    expect([drawn.width, drawn.height]).toEqual([224, 224]);
  });

  it('draws an empty map in the colour of nothing', () => {
    const flat = { ...heatmap, values: new Float32Array(4) };
    expect(pixel(drawHeatmap(flat, style), 1, 1)).toEqual(colour('viridis', 0, 76));
    expect(pixel(drawHeatmap(flat, { ...style, otsu: true }), 1, 1)).toEqual(colour('viridis', 0));
  });
});
