/** The picture with its map as PNG, at the picture's own size. */
import type { InputWindow } from '../shared/explanation';
import type { DrawnHeatmap } from './draw-heatmap';

/** Above this many pixels a side the saved picture is made smaller: canvases have limits. */
const longestSide = 8192;

export interface Composition {
  /** Left out where the editor cannot show the picture; the map is then saved alone. */
  readonly picture: HTMLImageElement | undefined;
  readonly window: InputWindow;
  readonly drawn: DrawnHeatmap;
  readonly smooth: boolean;
  readonly opacity: number;
}

/** @throws Error when the browser makes no PNG, e.g. for lack of memory */
export async function composePicture(composition: Composition): Promise<Blob> {
  return pngOf(composed(composition, longestSide));
}

/** @param longest side of the canvas, in pixels, at most; a smaller picture keeps its size */
export function composed(composition: Composition, longest: number): HTMLCanvasElement {
  const { picture, window: area, smooth, opacity } = composition;
  const scale = Math.min(1, longest / Math.max(area.imageWidth, area.imageHeight));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(area.imageWidth * scale));
  canvas.height = Math.max(1, Math.round(area.imageHeight * scale));
  const context = contextOf(canvas);
  if (picture !== undefined) context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  context.imageSmoothingEnabled = smooth;
  context.globalAlpha = picture === undefined ? 1 : opacity;
  context.drawImage(
    heatmapCanvas(composition.drawn),
    area.left * scale,
    area.top * scale,
    area.width * scale,
    area.height * scale,
  );
  return canvas;
}

/** @throws Error when the browser makes no PNG, e.g. for lack of memory */
export function pngOf(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob === null) reject(new Error('The browser could not make a PNG of the picture.'));
      else resolve(blob);
    }, 'image/png');
  });
}

function heatmapCanvas(drawn: DrawnHeatmap): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  paintHeatmap(canvas, drawn);
  return canvas;
}

/** Gives a canvas the size of a drawn map and its pixels. */
export function paintHeatmap(canvas: HTMLCanvasElement, drawn: DrawnHeatmap): void {
  canvas.width = drawn.width;
  canvas.height = drawn.height;
  contextOf(canvas).putImageData(new ImageData(drawn.pixels, drawn.width, drawn.height), 0, 0);
}

export function contextOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('The browser gave no canvas to draw on.');
  return context;
}
