/** An explanation as lines for a person. */
import type { MethodInfo } from '../shared/explanation';
import { formatFigure, percent } from '../shared/format-number';
import type { ExplainResult } from '../shared/protocol/explain';
import type { Terminal } from './command';
import { drawMap } from './draw-map';

/** @param draw whether to draw the best class's map as well */
export function printExplanation(
  input: string,
  result: ExplainResult,
  method: MethodInfo,
  draw: boolean,
  terminal: Terminal,
): void {
  const { topK, heatmaps, grid, stability, milliseconds } = result;
  terminal.result(`${input} · ${method.name} · ${(milliseconds.total / 1000).toFixed(2)} s`);
  for (const { index, label, probability, logit, value, similarity } of topK) {
    // Without an alternative a phrase has no probability.
    const strength =
      probability !== undefined
        ? percent(probability)
        : value === undefined
          ? ''
          : formatFigure(value);
    const facts =
      similarity !== undefined
        ? `similarity ${similarity.toFixed(3)}`
        : logit !== undefined
          ? `${index}, logit ${logit.toFixed(2)}`
          : String(index);
    terminal.result(`${strength.padStart(8)}  ${label} (${facts})`);
  }
  const best = heatmaps[0];
  if (draw && best) {
    const other = best.againstLabel === undefined ? '' : ` rather than ${best.againstLabel}`;
    terminal.result(`  Evidence for ${best.label}${other}:`);
    drawMap(best, grid, method.signed, terminal.colours).forEach(terminal.drawn);
  }
  if (stability) terminal.result(`  ${stability.sentence}`);
}
