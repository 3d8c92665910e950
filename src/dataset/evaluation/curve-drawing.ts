/** What the model still says while patches go, as a small drawing with axes. */
import type { EvaluationRow } from '../../shared/evaluation';
import { markup, type Markup } from '../report/html';

const width = 260;
const height = 170;
const left = 40;
const right = 22;
const top = 10;
const bottom = 34;

/** What all drawings of a report have in common. */
export interface CurveAxes {
  /** Shares of the patches that are away, 0 … 1, rising. */
  readonly shares: readonly number[];
  readonly least: number;
  readonly most: number;
  /** What the upright axis says. */
  readonly unit: string;
}

/** The area between both curves is the ABC. */
export function curveDrawing(
  id: string,
  { mostFirst, leastFirst }: NonNullable<EvaluationRow['curves']>,
  { shares, least, most, unit }: CurveAxes,
): Markup {
  const x = (share: number) => round(left + share * (width - left - right));
  const y = (value: number) =>
    round(height - bottom - ((value - least) / (most - least)) * (height - top - bottom));
  const points = (values: readonly number[]) =>
    shares.map((share, i) => `${x(share)},${y(values[i] ?? least)}`);
  const leastPoints = points(leastFirst.probability);
  const mostPoints = points(mostFirst.probability);
  const middle = Math.floor(shares.length / 2);
  const words = `${id}: with ${percentOf(shares[middle] ?? 0)} of the patches away the ${unit} is ${figure(mostFirst.probability[middle] ?? 0)} where the most relevant go first, ${figure(leastFirst.probability[middle] ?? 0)} where the least relevant do.`;
  const levels = [least, (least + most) / 2, most];
  return markup`<svg class="faith" viewBox="0 0 ${width} ${height}" role="img" aria-label="${words}">
${levels.map((level) => markup`<line class="grid" x1="${left}" x2="${width - right}" y1="${y(level)}" y2="${y(level)}"/><text x="${left - 5}" y="${y(level) + 4}" text-anchor="end">${figure(level)}</text>`)}
${[0, 0.5, 1].map((share) => markup`<text x="${x(share)}" y="${height - bottom + 15}" text-anchor="middle">${percentOf(share)}</text>`)}
<text x="${x(0.5)}" y="${height - 4}" text-anchor="middle">patches away</text>
<polygon class="between" points="${[...leastPoints, ...mostPoints.toReversed()].join(' ')}"/>
<polyline class="least" points="${leastPoints.join(' ')}"/><polyline class="most" points="${mostPoints.join(' ')}"/>
</svg>`;
}

function percentOf(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function figure(value: number): string {
  return String(Number(value.toPrecision(2))).replace('-', '−');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
