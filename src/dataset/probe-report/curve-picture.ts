/** The learning curve as a small drawing. */
import type { CurvePoint } from '../../shared/probe';
import { markup, type Markup } from '../report/html';

const width = 520;
const height = 220;
const left = 48;
const right = 24;
const top = 24;
const bottom = 32;
const gridLines = 4;

/** Accuracy over the number of training pictures, both axes from zero. */
export function curvePicture(points: readonly CurvePoint[]): Markup {
  const most = Math.max(1, ...points.map(({ rows }) => rows));
  const x = (rows: number) => round(left + (rows / most) * (width - left - right));
  const y = (top1: number) => round(height - bottom - top1 * (height - top - bottom));
  const lines = Array.from({ length: gridLines + 1 }, (_, index) => index / gridLines);
  const path = points.map(({ rows, top1 }) => `${x(rows)},${y(top1)}`).join(' ');
  const words = points
    .map(({ rows, top1 }) => `${rows} pictures: ${(100 * top1).toFixed(1)} %`)
    .join('; ');
  return markup`<svg class="curve" viewBox="0 0 ${width} ${height}" role="img" aria-label="${words}">
${lines.map(
  (
    share,
  ) => markup`<line class="grid" x1="${left}" x2="${width - right}" y1="${y(share)}" y2="${y(share)}"/>
<text x="${left - 6}" y="${y(share) + 4}" text-anchor="end">${100 * share} %</text>
`,
)}<polyline class="line" points="${path}"/>
${points.map(
  ({ rows, top1 }) => markup`<circle cx="${x(rows)}" cy="${y(top1)}" r="3"/>
<text x="${x(rows)}" y="${y(top1) - 8}" text-anchor="middle">${(100 * top1).toFixed(1)}</text>
<text x="${x(rows)}" y="${height - 10}" text-anchor="middle">${rows}</text>
`,
)}</svg>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
