/** An explanation as lines for a person. */
import { changeInFull } from '../shared/change-in-words';
import type { ClassScore, MethodInfo } from '../shared/explanation';
import { counted } from '../shared/counted';
import { formatFigure, percent } from '../shared/format-number';
import type { MeasuredResult } from '../shared/explanation-files';
import type { Terminal } from './command';
import { drawMap } from './draw-map';
import { faithfulnessInWords } from './faithfulness-in-words';
import type { Look } from '../shared/look';
import { shownInWords } from '../shared/shown-in-words';
import { hasEvidenceFor, shownMap } from '../shared/shown-map';

/** @param look how to draw the best class's map as well; undefined: not at all */
export function printExplanation(
  input: string,
  result: MeasuredResult,
  method: MethodInfo,
  look: Look | undefined,
  terminal: Terminal,
): void {
  const { topK, among, heatmaps, grid, change, stability, faithfulness, milliseconds } = result;
  terminal.result(`${input} · ${method.name} · ${(milliseconds.total / 1000).toFixed(2)} s`);
  if (change) terminal.result(`  What if: ${changeInFull(change)}.`);
  if (among) terminal.result(`  Among ${counted(among.length, 'class', 'classes')}:`);
  for (const { index, label, probability, share, logit, value, similarity, before } of topK) {
    // Without an alternative a phrase has no probability.
    const strong = share ?? probability;
    const strength =
      strong !== undefined ? percent(strong) : value === undefined ? '' : formatFigure(value);
    const facts =
      similarity !== undefined
        ? `similarity ${similarity.toFixed(3)}`
        : logit !== undefined
          ? `${index}, logit ${logit.toFixed(2)}`
          : String(index);
    const ofAll =
      share === undefined || probability === undefined ? '' : `${percent(probability)} of all, `;
    const was = before === undefined ? '' : `, ${wasInWords(before)}`;
    terminal.result(`${strength.padStart(8)}  ${label} (${ofAll}${facts}${was})`);
  }
  const best = heatmaps[0];
  if (look && best) {
    const shown = shownMap(best, method, grid, look);
    const evidence = shown.scale.diverging ? 'Evidence for and against' : 'Evidence for';
    const other = best.againstLabel === undefined ? '' : ` rather than ${best.againstLabel}`;
    const subject = `${best.label}${other}`;
    terminal.result(`  ${evidence} ${subject}:`);
    drawMap(shown, terminal.colours).forEach(terminal.drawn);
    if (!hasEvidenceFor(shown)) terminal.result(`  Nothing in this map speaks for ${subject}.`);
    const words = shownInWords(shown, method);
    if (words !== '') terminal.result(`  ${words}`);
  }
  if (stability) terminal.result(`  ${stability.sentence}`);
  for (const line of faithfulness ? faithfulnessInWords(faithfulness) : [])
    terminal.result(`  ${line}`);
}

/** Of the picture as it is, where it was changed. */
function wasInWords(before: NonNullable<ClassScore['before']>): string {
  const { probability, share = probability, value, similarity } = before;
  if (share !== undefined) return `was ${percent(share)}`;
  return `was ${value === undefined ? (similarity ?? 0).toFixed(3) : formatFigure(value)}`;
}
