/** Smaller, whole, larger. */
import type { ZoomStep } from '../zoom';

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
  readonly onZoom: (by: ZoomStep) => void;
}

export function ZoomButtons({ zoom, onZoom }: Props) {
  const percent = Math.round(zoom * 100);
  return (
    <>
      {buttons.map(({ by, name, title, sign }) => (
        <button
          key={by}
          type="button"
          class="secondary"
          data-testid={`zoom-${by}`}
          aria-label={name(percent)}
          title={title}
          onClick={() => onZoom(by)}
        >
          {sign(percent)}
        </button>
      ))}
    </>
  );
}
