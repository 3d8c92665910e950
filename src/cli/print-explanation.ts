/** An explanation as lines for a person. */
import type { MethodInfo } from '../shared/explanation';
import type { ExplainResult } from '../shared/worker-protocol';
import { percent } from '../worker/scores';
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
  for (const { index, label, probability, logit, similarity } of topK) {
    if (similarity === undefined) {
      const share = percent(probability).padStart(8);
      terminal.result(`${share}  ${label} (${index}, logit ${logit.toFixed(2)})`);
    } else {
      // Without an alternative a phrase has no probability.
      const share = (topK.length === 1 ? '' : percent(probability)).padStart(8);
      terminal.result(`${share}  ${label} (similarity ${similarity.toFixed(3)})`);
    }
  }
  const best = heatmaps[0];
  if (draw && best) {
    terminal.result(`  Evidence for ${best.label}:`);
    drawMap(best, grid, method.signed, terminal.colours).forEach(terminal.result);
  }
  if (stability) {
    terminal.result(`  ${stability.sentence}`);
  }
}
