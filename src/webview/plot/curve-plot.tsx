/** Curves over shares of a picture: a plot with axes, the values under the pointer or the keys, and a table. */
import type { TargetedKeyboardEvent, TargetedPointerEvent } from 'preact';
import { useState } from 'preact/hooks';
import { formatShare } from '../../shared/format-number';
import { CurveTable } from './curve-table';
import type { PlotCurve, PlotProps } from './plot-props';
import { nearest, placeOn, scaleOf, stepTo, type Scale } from './scale';

/** In units of the drawing; about a pixel each in the panel's side. */
const box = { width: 300, height: 176, left: 40, right: 8, top: 8, bottom: 34 };
const room = {
  width: box.width - box.left - box.right,
  height: box.height - box.top - box.bottom,
};

export function CurvePlot(props: PlotProps) {
  const { title, shares, shareName, shareInWords, curves, between, format } = props;
  const [at, setAt] = useState<number>();
  const shareScale: Scale = { low: 0, high: 1, ticks: [0, 0.25, 0.5, 0.75, 1] };
  const scale = scaleOf(curves.flatMap(({ values }) => values));
  const x = (share: number): number => box.left + room.width * placeOn(shareScale, share);
  const y = (value: number): number => box.top + room.height * (1 - placeOn(scale, value));
  const pointsOf = (curve: PlotCurve | undefined): string[] =>
    (curve?.values ?? []).map((value, step) => `${x(shares[step] ?? 0)},${y(value)}`);

  const onPointerMove = (event: TargetedPointerEvent<HTMLDivElement>): void => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    const inDrawing = ((event.clientX - left) / width) * box.width;
    setAt(nearest(shares, (inDrawing - box.left) / room.width));
  };
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLDivElement>): void => {
    const to = stepTo(at ?? 0, event.key, shares.length);
    if (to === undefined) return;
    event.preventDefault();
    setAt(to);
  };
  const marked = at === undefined ? undefined : shares[at];
  return (
    <figure class="plot">
      <figcaption>
        {title}
        <ul class="plot-legend" data-testid="plot-legend">
          {curves.map(({ name, values }, look) => (
            <li key={name}>
              <svg viewBox="0 0 24 4" width="24" height="4" aria-hidden="true">
                <path class="plot-curve" data-look={look} d="M0 2h24" />
              </svg>
              <span>{name}</span>
              {at !== undefined && <span aria-hidden="true">{format(values[at] ?? 0)}</span>}
            </li>
          ))}
        </ul>
      </figcaption>
      <div
        class="plot-area"
        data-testid="plot"
        role="slider"
        tabIndex={0}
        aria-label={shareInWords ? `${title} by ${shareName}` : `${title} by share of ${shareName}`}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, shares.length - 1)}
        aria-valuenow={at ?? 0}
        aria-valuetext={sayPoint(props, at ?? 0)}
        onPointerMove={onPointerMove}
        onPointerLeave={() => setAt(undefined)}
        onKeyDown={onKeyDown}
        onFocus={() => setAt((before) => before ?? 0)}
        onBlur={() => setAt(undefined)}
      >
        <svg viewBox={`0 0 ${box.width} ${box.height}`} aria-hidden="true">
          {scale.ticks.map((tick) => (
            <g key={tick}>
              <path class="plot-grid" d={`M${box.left} ${y(tick)}h${room.width}`} />
              <text class="plot-label" x={box.left - 5} y={y(tick) + 3.5} text-anchor="end">
                {format(tick)}
              </text>
            </g>
          ))}
          {shareScale.ticks.map((tick) => (
            <text
              key={tick}
              class="plot-label"
              x={x(tick)}
              y={box.top + room.height + 14}
              text-anchor={tick === 1 ? 'end' : 'middle'}
            >
              {formatShare(tick)}
            </text>
          ))}
          <text
            class="plot-label"
            data-testid="plot-share"
            x={box.left + room.width / 2}
            y={box.height - 5}
            text-anchor="middle"
          >
            {marked === undefined ? shareName : wordsOf(props, marked)}
          </text>
          {between !== undefined && (
            <polygon
              class="plot-between"
              points={[
                ...pointsOf(curves[between[0]]),
                ...pointsOf(curves[between[1]]).reverse(),
              ].join(' ')}
            />
          )}
          {curves.map((curve, look) => (
            <polyline
              key={curve.name}
              class="plot-curve"
              data-look={look}
              points={pointsOf(curve).join(' ')}
            />
          ))}
          {at !== undefined && marked !== undefined && (
            <g data-testid="plot-mark">
              <path class="plot-cursor" d={`M${x(marked)} ${box.top}v${room.height}`} />
              {curves.map(({ name, values }, look) => (
                <circle
                  key={name}
                  class="plot-point"
                  data-look={look}
                  cx={x(marked)}
                  cy={y(values[at] ?? 0)}
                  r="3"
                />
              ))}
            </g>
          )}
        </svg>
      </div>
      <CurveTable {...props} />
    </figure>
  );
}

/** What a person reads or hears of one point. */
function sayPoint(props: PlotProps, at: number): string {
  const { shares, curves, format } = props;
  const values = curves.map(({ name, values }) => `${name} ${format(values[at] ?? 0)}`);
  return `${wordsOf(props, shares[at] ?? 0)}: ${values.join(', ')}`;
}

function wordsOf({ shareName, shareInWords }: PlotProps, share: number): string {
  return shareInWords?.(share) ?? `${formatShare(share)} of ${shareName}`;
}
