/** The picture of a cell, the part of it that all cells show, with the map and the shared pointer over it. */
import type { ComponentChildren, TargetedPointerEvent } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { ComparedPicture } from '../../shared/compare/comparison-state';
import type { InputWindow } from '../../shared/explanation';
import type { ShownMap } from '../../shared/shown-map';
import { paintHeatmap } from '../compose-picture';
import { drawHeatmap, type HeatmapStyle } from '../draw-heatmap';
import { placeOfCell, placeOfWindow } from '../picture-place';
import { useImage } from '../use-image';
import type { ComparisonView } from './comparison-page';
import { cellUnder, pointerAt, type SharedPointer } from './shared-pointer';

interface Props {
  readonly shown: ShownMap;
  readonly style: HeatmapStyle;
  /** Where the map lies in the picture. */
  readonly area: InputWindow;
  readonly picture: ComparedPicture;
  readonly view: ComparisonView;
  readonly pointer: SharedPointer | undefined;
  readonly onPointer: (pointer: SharedPointer | undefined) => void;
  /** Which part of the map is seen, from its left edge, 0 … 1. */
  readonly seenFrom?: number;
  /** Over the picture. */
  readonly children?: ComponentChildren;
}

export function CellPicture(props: Props) {
  const { shown, style, area, picture, view, pointer, onPointer } = props;
  const { zoom, x, y } = view.part;
  const { showOriginal, opacity } = view.look;
  const image = useImage(picture.imageSrc);
  const canvas = useRef<HTMLCanvasElement>(null);
  const { colourMap, smooth, otsu } = style;
  const drawn = useMemo(
    () => drawHeatmap(shown, { colourMap, smooth, otsu }),
    [shown, colourMap, smooth, otsu],
  );
  useEffect(() => {
    if (canvas.current !== null) paintHeatmap(canvas.current, drawn);
  }, [drawn]);
  const under = pointer && cellUnder(pointer, picture.uri, area, shown.shape);
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
      data-image={image.kind}
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
              class={smooth ? '' : 'exact'}
              aria-hidden="true"
              style={{ opacity: showOriginal ? 0 : image.kind === 'failed' ? 1 : opacity }}
            />
            {under !== undefined && (
              <span
                class="cursor"
                data-testid="cell-cursor"
                style={placeOfCell(under, ...shown.shape)}
              />
            )}
          </div>
        </div>
      </div>
      {props.children}
    </div>
  );
}
