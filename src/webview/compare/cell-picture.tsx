/** The picture of a cell, the part of it that all cells show, with the map and the shared pointer over it. */
import type { TargetedPointerEvent } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { ComparedPicture } from '../../shared/compare/comparison-state';
import { paintHeatmap } from '../compose-picture';
import { placeOfCell, placeOfWindow } from '../picture-place';
import { useImage } from '../use-image';
import type { ComparisonView } from './comparison-page';
import { cellUnder, pointerAt, type SharedPointer } from './shared-pointer';
import type { ShownCell } from './shown-cell';

interface Props {
  readonly shown: ShownCell;
  readonly picture: ComparedPicture;
  readonly view: ComparisonView;
  readonly pointer: SharedPointer | undefined;
  readonly onPointer: (pointer: SharedPointer | undefined) => void;
}

export function CellPicture({ shown, picture, view, pointer, onPointer }: Props) {
  const { drawn, outcome, style } = shown;
  const { heatmap, window: area } = outcome;
  const { zoom, x, y } = view.part;
  const { showOriginal, opacity } = view.look;
  const image = useImage(picture.imageSrc);
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (canvas.current !== null) paintHeatmap(canvas.current, drawn);
  }, [drawn]);
  const [rows, columns] = heatmap.shape;
  const under = pointer && cellUnder(pointer, picture.uri, area, heatmap.shape);
  const onPointerMove = (event: TargetedPointerEvent<HTMLDivElement>): void => {
    const box = event.currentTarget.getBoundingClientRect();
    const seen = {
      x: (event.clientX - box.left) / box.width,
      y: (event.clientY - box.top) / box.height,
    };
    onPointer(pointerAt(picture.uri, area, seen, 'pointer'));
  };
  const part = {
    width: `${zoom * 100}%`,
    transform: `translate(${-x * 100}%, ${-y * 100}%)`,
  };
  return (
    <div
      class="cell-picture"
      data-testid="cell-picture"
      style={{ aspectRatio: String(area.imageWidth / area.imageHeight) }}
    >
      <div class="cell-part" style={part}>
        <img
          key={picture.imageSrc}
          src={picture.imageSrc}
          alt=""
          crossOrigin="anonymous"
          draggable={false}
          hidden={image.kind === 'failed'}
          onLoad={image.onLoad}
          onError={image.onError}
        />
        <div class="window" data-dimmed={!showOriginal} style={placeOfWindow(area)}>
          <div class="map" onPointerMove={onPointerMove}>
            <canvas
              ref={canvas}
              data-testid="cell-map"
              class={style.drawing === 'patches' && !style.otsu ? 'exact' : ''}
              aria-hidden="true"
              style={{ opacity: showOriginal ? 0 : image.kind === 'failed' ? 1 : opacity }}
            />
            {under !== undefined && (
              <span
                class="cursor"
                data-testid="cell-cursor"
                style={placeOfCell(under, rows, columns)}
              />
            )}
          </div>
        </div>
      </div>
    </div>
  );
}
