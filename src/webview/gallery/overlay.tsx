/** A small map over a small picture: a pixel a patch, which the browser enlarges smoothly. */
import { useLayoutEffect, useRef } from 'preact/hooks';
import { colourMaps, isColourMapName } from '../../shared/colour-map';
import type { Grid } from '../../shared/explanation';
import { coverage } from '../../shared/overlay';

interface Props {
  /** A byte a patch, row by row: the place in the colour map. */
  readonly positions: Uint8Array;
  readonly grid: Grid;
  readonly colourMap: string;
  /** Whether the middle of the colours is nothing. */
  readonly diverging: boolean;
  /** Lets the picture below show through where there is little evidence. */
  readonly over: boolean;
  readonly class: string;
}

export function Overlay({ positions, grid, colourMap, diverging, over, class: name }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [rows, columns] = grid;
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const sequential = isColourMapName(colourMap) ? colourMap : 'viridis';
    const colours = colourMaps[diverging ? 'blue-red' : sequential];
    const pixels = new Uint8ClampedArray(rows * columns * 4);
    positions.forEach((position, pixel) => {
      pixels.set(colours.subarray(position * 3, position * 3 + 3), pixel * 4);
      pixels[pixel * 4 + 3] = over ? 255 * coverage(position / 255, diverging) : 255;
    });
    context.putImageData(new ImageData(pixels, columns, rows), 0, 0);
  }, [positions, rows, columns, colourMap, diverging, over]);
  return <canvas ref={canvas} class={name} width={columns} height={rows} aria-hidden="true" />;
}

/** The bytes of a tile's map. */
export function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}
