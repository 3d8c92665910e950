/** The room of the picture: all of it, or a part enlarged, that is moved about. */
import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import { usePanAndZoom } from '../use-pan-and-zoom';
import { zoomStepped } from '../zoom';
import { ZoomButtons } from './zoom-buttons';

interface Props {
  /** 1: all of it fits. */
  readonly zoom: number;
  readonly onZoom: (zoom: number) => void;
  readonly children: ComponentChildren;
}

export function Zoomable({ zoom, onZoom, children }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  usePanAndZoom(scroller, zoom, onZoom);
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
        <ZoomButtons zoom={zoom} onZoom={(by) => onZoom(zoomStepped(zoom, by))} />
      </div>
    </>
  );
}
