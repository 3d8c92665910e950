/** How well each class is told from the others. */
import type { BatchHeader } from '../../shared/batch-header';
import { classFigures } from '../../shared/class-figures';
import { shortName } from '../../shared/class-name';
import { confusionTable } from '../../shared/confusion-table';
import type { AmongSummary, DatasetSummary } from '../../shared/dataset-summary';
import { markup, type Markup } from './html';
import { percent, section } from './page';

/** Of which a person still reads the rows. */
const classesShown = 200;

export function confusion(
  { classes }: BatchHeader,
  { confusion: cells }: Pick<AmongSummary, 'confusion'>,
  title = 'Confusion matrix',
): Markup[] {
  if (cells.length === 0) return [];
  const { truths, answers, count, others } = confusionTable(cells);
  const rows = truths.map((truth) => {
    const total = answers.reduce((sum, answer) => sum + count(truth, answer), others(truth));
    const cell = (number: number, right: boolean) =>
      markup`<td class="${right ? 'right' : 'wrong'}" style="--share:${(number / total).toFixed(3)}">${number === 0 ? '' : number}</td>`;
    return markup`<tr><th scope="row">${shortName(classes, truth)}</th>${answers.map((answer) =>
      cell(count(truth, answer), truth === answer),
    )}${cell(others(truth), false)}</tr>
`;
  });
  return [
    section(
      title,
      markup`<p>A row a true class, a column an answer.</p>
<div class="wide" role="region" aria-label="${title}" tabindex="0"><table class="confusion">
<thead><tr><td></td>${answers.map((answer) => markup`<th scope="col"><span>${shortName(classes, answer)}</span></th>`)}<th scope="col"><span>other classes</span></th></tr></thead>
<tbody>${rows}</tbody>
</table></div>`,
    ),
  ];
}

export function classTable({ classes }: BatchHeader, { confusion }: DatasetSummary): Markup[] {
  const all = classFigures(confusion);
  if (all.length === 0) return [];
  const shown = all.slice(0, classesShown);
  return [
    section(
      'Precision and recall by class',
      markup`<p>Recall: the share of a class’s samples that is answered with it. Precision: the share of the answers with a class that is right, among the labelled samples here. The least recalled first.${
        all.length > shown.length ? ` ${shown.length} of ${all.length} classes.` : ''
      }</p>
<div class="wide" role="region" aria-label="Precision and recall by class" tabindex="0"><table>
<thead><tr><th scope="col">Class</th><th scope="col">Samples</th><th scope="col">Answers</th><th scope="col">Precision</th><th scope="col">Recall</th></tr></thead>
<tbody>${shown.map(
        ({ index, samples, answers, precision, recall }) =>
          markup`<tr><th scope="row">${shortName(classes, index)}</th><td>${samples}</td><td>${answers}</td><td>${precision === undefined ? '–' : percent(precision)}</td><td>${percent(recall)}</td></tr>
`,
      )}</tbody>
</table></div>`,
    ),
  ];
}
