/** The learning curve as a small drawing. */
import type { CurvePoint } from '../../shared/probe';
import { markup, type Markup } from '../report/html';

const WIDTH = 520;
const HEIGHT = 220;
const LEFT = 48;
const RIGHT = 24;
const TOP = 24;
const BOTTOM = 32;
const LINES = 4;

/** Accuracy over the number of training pictures, both axes from zero. */
export function curvePicture(points: readonly CurvePoint[]): Markup {
  const most = Math.max(1, ...points.map(({ rows }) => rows));
  const x = (rows: number) => round(LEFT + (rows / most) * (WIDTH - LEFT - RIGHT));
  const y = (top1: number) => round(HEIGHT - BOTTOM - top1 * (HEIGHT - TOP - BOTTOM));
  const lines = Array.from({ length: LINES + 1 }, (_, index) => index / LINES);
  const path = points.map(({ rows, top1 }) => `${x(rows)},${y(top1)}`).join(' ');
  const words = points
    .map(({ rows, top1 }) => `${rows} pictures: ${(100 * top1).toFixed(1)} %`)
    .join('; ');
  return markup`<svg class="curve" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${words}">
${lines.map(
  (
    share,
  ) => markup`<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(share)}" y2="${y(share)}"/>
<text x="${LEFT - 6}" y="${y(share) + 4}" text-anchor="end">${100 * share} %</text>
`,
)}<polyline class="line" points="${path}"/>
${points.map(
  ({ rows, top1 }) => markup`<circle cx="${x(rows)}" cy="${y(top1)}" r="3"/>
<text x="${x(rows)}" y="${y(top1) - 8}" text-anchor="middle">${(100 * top1).toFixed(1)}</text>
<text x="${x(rows)}" y="${HEIGHT - 10}" text-anchor="middle">${rows}</text>
`,
)}</svg>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
