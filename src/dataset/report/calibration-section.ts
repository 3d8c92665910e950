/** Whether the model is right as often as it is sure. */
import type { Calibration, DatasetSummary } from '../../shared/dataset-summary';
import { markup, type Markup } from './html';
import { percent, section } from './page';

const side = 240;
const left = 48;
const right = 14;
const top = 10;
const bottom = 40;
const ticks = [0, 0.5, 1];

export function calibrationSection({ calibration }: DatasetSummary): Markup[] {
  if (calibration === undefined) return [];
  const { bins, error } = calibration;
  return [
    section(
      'Calibration',
      markup`<p>How often the best answer is right, by its probability. A model that is right as often as it is sure lies on the diagonal; below it, it is surer than right. Expected calibration error: ${percent(error)}, the mean distance from the diagonal over all labelled samples (15 bins of equal width). Few samples make it look larger than it is.</p>
<div class="calibration">${reliabilityDrawing(bins)}
<table><thead><tr><th scope="col">Mean probability</th><th scope="col">Right</th><th scope="col">Samples</th></tr></thead>
<tbody>${bins.map(
        ({ confidence, accuracy, samples }) =>
          markup`<tr><td>${percent(confidence)}</td><td>${percent(accuracy)}</td><td>${samples}</td></tr>
`,
      )}</tbody></table></div>`,
    ),
  ];
}

function reliabilityDrawing(bins: Calibration['bins']): Markup {
  const x = (share: number) => round(left + share * (side - left - right));
  const y = (share: number) => round(side - bottom - share * (side - top - bottom));
  const points = bins.map(({ confidence, accuracy }) => [x(confidence), y(accuracy)] as const);
  return markup`<svg class="reliability" viewBox="0 0 ${side} ${side}" role="img" aria-label="Share of right answers by their probability; the table has the numbers">
${ticks.map((tick) => markup`<line class="grid" x1="${left}" x2="${side - right}" y1="${y(tick)}" y2="${y(tick)}"/><text x="${left - 6}" y="${y(tick) + 4}" text-anchor="end">${100 * tick} %</text><text x="${x(tick)}" y="${side - bottom + 16}" text-anchor="middle">${100 * tick} %</text>`)}
<text x="${x(0.5)}" y="${side - 6}" text-anchor="middle">probability of the answer</text>
<line class="ideal" x1="${x(0)}" y1="${y(0)}" x2="${x(1)}" y2="${y(1)}"/>
<polyline class="line" points="${points.map((point) => point.join()).join(' ')}"/>
${points.map(([cx, cy]) => markup`<circle cx="${cx}" cy="${cy}" r="3"/>`)}
</svg>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
