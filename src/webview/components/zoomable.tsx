/** The room of the picture: all of it, or a part enlarged, that is moved about. */
import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import { usePanAndZoom } from '../use-pan-and-zoom';
import { zoomStepped, type ZoomStep } from '../zoom';

interface ZoomButton {
  readonly by: ZoomStep;
  readonly title: string;
  readonly name: (percent: number) => string;
  readonly sign: (percent: number) => string;
}

const buttons: readonly ZoomButton[] = [
  { by: 'out', title: 'Zoom out (Shift+Z)', name: () => 'Zoom out', sign: () => '−' },
  {
    by: 'fit',
    title: 'Show the whole picture (0)',
    name: (percent) => `${percent} per cent. Show the whole picture`,
    sign: (percent) => `${percent} %`,
  },
  {
    by: 'in',
    title: 'Zoom in (Z, or Ctrl and the wheel)',
    name: () => 'Zoom in',
    sign: () => '+',
  },
];

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
        {buttons.map(({ by, name, title, sign }) => (
          <button
            key={by}
            type="button"
            class="secondary"
            data-testid={`zoom-${by}`}
            aria-label={name(percent)}
            title={title}
            onClick={() => onZoom(zoomStepped(zoom, by))}
          >
            {sign(percent)}
          </button>
        ))}
      </div>
    </>
  );
}
