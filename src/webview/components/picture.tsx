/** The picture with the map over what the model saw of it, and a cursor over the patches. */
import type {
  ComponentChildren,
  RefObject,
  TargetedKeyboardEvent,
  TargetedPointerEvent,
} from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Heatmap, InputWindow } from '../../shared/explanation';
import type { Grain } from '../../shared/look';
import { paintHeatmap } from '../compose-picture';
import type { DrawnHeatmap } from '../draw-heatmap';
import { cellAt, moveCell, type Cell } from '../patch-cursor';
import { placeOfCell, placeOfWindow } from '../picture-place';
import type { ImageStatus } from '../use-image';
import type { ViewState } from '../view-state';

/** The patch under the cursor, and what moved it there. */
export interface Cursor extends Cell {
  readonly by: 'pointer' | 'key';
}

interface Props {
  readonly imageRef: RefObject<HTMLImageElement>;
  readonly image: ImageStatus;
  readonly src: string;
  readonly fileName: string;
  readonly window: InputWindow | undefined;
  readonly heatmap: Heatmap | undefined;
  readonly grain: Grain;
  readonly drawn: DrawnHeatmap | undefined;
  /** Whether each cell has its edges. */
  readonly exact: boolean;
  readonly view: ViewState;
  readonly cursor: Cursor | undefined;
  readonly onCursor: (cursor: Cursor | undefined) => void;
  /** What lies over it. */
  readonly children?: ComponentChildren;
}

export function Picture(props: Props) {
  const { imageRef, image, src, fileName, window: area, view } = props;
  const ratio =
    area === undefined ? image.width / image.height : area.imageWidth / area.imageHeight;
  return (
    <div
      class={Number.isFinite(ratio) ? 'picture' : 'picture unmeasured'}
      data-testid="picture"
      data-image={image.kind}
      style={{ '--ratio': Number.isFinite(ratio) ? String(ratio) : '' }}
    >
      <img
        // A new element for a new picture: no load event of the old one can be mistaken for its own.
        key={src}
        ref={imageRef}
        src={src}
        alt={fileName}
        crossOrigin="anonymous"
        draggable={false}
        hidden={image.kind === 'failed'}
        onLoad={image.onLoad}
        onError={image.onError}
      />
      {/* The map waits for its picture. */}
      {area !== undefined && image.kind !== 'loading' && (
        <div
          class="window"
          data-testid="window"
          data-dimmed={!view.showOriginal}
          style={placeOfWindow(area)}
        >
          <MapLayer {...props} alone={image.kind === 'failed'} />
        </div>
      )}
      {props.children}
    </div>
  );
}

function MapLayer(props: Props & { readonly alone: boolean }) {
  const { heatmap, grain, drawn, exact, view, cursor, onCursor, alone, fileName } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (canvas.current !== null && drawn !== undefined) paintHeatmap(canvas.current, drawn);
  }, [drawn]);
  const mark = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    // In an enlarged picture the keys may lead out of sight.
    if (cursor?.by === 'key') mark.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [cursor]);
  if (heatmap === undefined || drawn === undefined) return null;

  const { shape } = heatmap;
  const [rows, columns] = shape;
  const onPointerMove = (event: TargetedPointerEvent<HTMLDivElement>): void => {
    const box = event.currentTarget.getBoundingClientRect();
    const x = (event.clientX - box.left) / box.width;
    const cell = cellAt(x, (event.clientY - box.top) / box.height, shape);
    onCursor(cell === undefined ? undefined : { ...cell, by: 'pointer' });
  };
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLDivElement>): void => {
    const cell = moveCell(cursor, event.key, shape, event.shiftKey);
    if (cell === undefined) return;
    event.preventDefault();
    onCursor({ ...cell, by: 'key' });
  };
  return (
    <div
      class="map"
      data-testid="map"
      role="application"
      tabIndex={0}
      aria-label={`Map of “${heatmap.label}” over ${fileName}: ${rows} rows and ${columns} columns of ${grain}. The arrow keys move over them.`}
      aria-describedby="summary"
      onPointerMove={onPointerMove}
      onPointerLeave={() => onCursor(undefined)}
      onKeyDown={onKeyDown}
      onBlur={() => onCursor(undefined)}
    >
      <canvas
        ref={canvas}
        data-testid="heatmap"
        class={exact ? 'exact' : ''}
        aria-hidden="true"
        style={{ opacity: view.showOriginal ? 0 : alone ? 1 : view.opacity }}
      />
      {cursor !== undefined && (
        <span
          class="cursor"
          data-testid="cursor"
          ref={mark}
          style={placeOfCell(cursor, rows, columns)}
        />
      )}
    </div>
  );
}
