/** The room of the picture: all of it, or a part enlarged, that is moved about. */
import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import { usePanAndZoom } from '../use-pan-and-zoom';
import { zoomStepped } from '../zoom';

interface Props {
  /** 1: all of it fits. */
  readonly zoom: number;
  readonly onZoom: (zoom: number) => void;
  readonly children: ComponentChildren;
}

export function Zoomable({ zoom, onZoom, children }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  usePanAndZoom(scroller, zoom, onZoom);
  const percent = Math.round(zoom * 100);
  return (
    <>
      <div
        class="scroller"
        data-testid="scroller"
        data-zoomed={zoom > 1}
        ref={scroller}
        style={{ '--zoom': String(zoom) }}
      >
        {children}
      </div>
      <div class="zoom" role="group" aria-label="Zoom" data-zoomed={zoom > 1}>
        <button
          type="button"
          class="secondary"
          data-testid="zoom-out"
          aria-label="Zoom out"
          title="Zoom out (Shift+Z)"
          onClick={() => onZoom(zoomStepped(zoom, 'out'))}
        >
          −
        </button>
        <button
          type="button"
          class="secondary"
          data-testid="zoom-fit"
          aria-label={`${percent} per cent. Show the whole picture`}
          title="Show the whole picture (0)"
          onClick={() => onZoom(zoomStepped(zoom, 'fit'))}
        >
          {percent} %
        </button>
        <button
          type="button"
          class="secondary"
          data-testid="zoom-in"
          aria-label="Zoom in"
          title="Zoom in (Z, or Ctrl and the wheel)"
          onClick={() => onZoom(zoomStepped(zoom, 'in'))}
        >
          +
        </button>
      </div>
    </>
  );
}
