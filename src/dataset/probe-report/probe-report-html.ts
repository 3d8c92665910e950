/**
 * The report of a linear probe as one page that needs no script: cells of the confusion matrix lead
 * to their pictures, and pictures to their explanation, by plain links.
 */
import { confusionTable } from '../../shared/confusion-table';
import { formatShare } from '../../shared/format-number';
import type { ProbeAnswer, ProbeMistake, ProbeReport } from '../../shared/probe';
import type { MapKind } from '../../shared/look';
import { unpackCells } from '../pack-map';
import { markup, type Markup } from '../report/html';
import { mapPicture } from '../report/map-picture';
import { factList, percent, reportPage, section, type Fact, type ReportPage } from '../report/page';
import { curvePicture } from './curve-picture';

/** How the page reaches what lies outside of it. */
export interface ReportLinks extends Pick<ReportPage, 'pictureSources' | 'script'> {
  /** Where an `img` finds a picture of the dataset. */
  readonly picture: (name: string) => string;
  /** Where a click on a picture leads: to its explanation, or to the picture itself. */
  readonly explanation: (name: string) => string;
}

const picturesACell = 48;
const leftOutShown = 200;
/** Whatever a map tells besides, what speaks for the answer is drawn. */
const mapKind: MapKind = { signed: true, pixels: false };

interface Cell {
  readonly truth: number;
  readonly answer: number;
  readonly count: number;
  readonly answers: readonly ProbeAnswer[];
}

export function probeReportHtml(report: ProbeReport, links: ReportLinks): string {
  const title = `Linear probe “${report.probe}” on ${report.backbone}`;
  const cells = cellsOf(report.answers);
  const sections = [
    figures(report),
    ...mistakes(report, links),
    confusion(report, cells),
    ...learning(report),
    classes(report),
    ...pictures(report, cells, links),
    ...leftOut(report),
  ];
  const { pictureSources, script } = links;
  return reportPage({ title, pictureSources, style: ownStyle, script }, ...sections);
}

function figures(report: ProbeReport): Markup {
  const facts: readonly Fact[] = [
    ['Top-1 accuracy', percent(report.top1)],
    ...(report.classes.length > 5
      ? [['Right within the first five', percent(report.top5)] as const]
      : []),
    ['Mean loss', `${report.loss.toFixed(3)} nats`],
    ['Pictures', String(report.pictures)],
    ['Classes', String(report.classes.length)],
    ['Left out', String(report.skipped.length)],
  ];
  return section('Figures', factList(facts));
}

function mistakes(report: ProbeReport, links: ReportLinks): Markup[] {
  if (report.mistakes.length === 0) return [];
  const items = report.mistakes.map(
    (mistake) => markup`<li>
<a href="${links.explanation(mistake.name)}" title="Explain ${mistake.name}">${evidence(report, mistake, links)}</a>
<p><strong>${nameOf(report, mistake.answer)}</strong> ${formatShare(mistake.probability)}<br>is ${nameOf(report, mistake.truth)}<br><small>${mistake.name}</small></p>
</li>
`,
  );
  return [
    section(
      'Most confident mistakes',
      markup`<p>Wrong answers, the surest first, and where the evidence for the wrong class lies.</p>
<ol class="tiles">${items}</ol>`,
    ),
  ];
}

/** The picture with the map over the part that the model saw; the picture alone where there is no map. */
function evidence(
  report: ProbeReport,
  { name, answer, map, window }: ProbeMistake,
  links: ReportLinks,
): Markup {
  if (map === undefined || window === undefined) return thumbnail(name, links);
  const { imageWidth, imageHeight, left, top, width, height } = window;
  const label = `Evidence for ${nameOf(report, answer)} in ${name}`;
  return markup`<svg class="evidence" viewBox="0 0 ${imageWidth} ${imageHeight}" preserveAspectRatio="xMinYMid" role="img" aria-label="${label}">
<image href="${links.picture(name)}" width="${imageWidth}" height="${imageHeight}"/>
<image href="${mapPicture(unpackCells(map), mapKind)}" x="${left}" y="${top}" width="${width}" height="${height}" preserveAspectRatio="none" opacity="0.55"/>
</svg>`;
}

function confusion(report: ProbeReport, cells: readonly Cell[]): Markup {
  const { truths, answers, count, others } = confusionTable(cells);
  const rows = truths.map((truth) => {
    const total = answers.reduce((sum, answer) => sum + count(truth, answer), others(truth));
    return markup`<tr><th scope="row">${nameOf(report, truth)}</th>${answers.map((answer) => {
      const number = count(truth, answer);
      const share = (number / Math.max(1, total)).toFixed(3);
      const what = `${number} of ${nameOf(report, truth)} called ${nameOf(report, answer)}`;
      return markup`<td class="${truth === answer ? 'right' : 'wrong'}" style="--share:${share}">${
        number === 0
          ? undefined
          : markup`<a href="#${cellId(truth, answer)}" title="${what}">${number}</a>`
      }</td>`;
    })}</tr>
`;
  });
  return section(
    'Confusion matrix',
    markup`<p>A row a true class, a column an answer; a number leads to its pictures.</p>
<div class="wide" role="region" aria-label="Confusion matrix" tabindex="0"><table class="confusion">
<thead><tr><td></td>${answers.map((answer) => markup`<th scope="col"><span>${nameOf(report, answer)}</span></th>`)}</tr></thead>
<tbody>${rows}</tbody>
</table></div>`,
  );
}

function learning({ learningCurve }: ProbeReport): Markup[] {
  if (learningCurve.length < 2) return [];
  return [
    section(
      'Learning curve',
      markup`<p>Accuracy on the same validation pictures with fewer pictures to learn from. Where it still rises at its end, more pictures will help.</p>
${curvePicture(learningCurve)}`,
    ),
  ];
}

function classes(report: ProbeReport): Markup {
  const rows = report.perClass.map(
    ({ pictures: count, precision, recall }, index) =>
      markup`<tr><th scope="row">${nameOf(report, index)}</th><td>${share(precision)}</td><td>${share(recall)}</td><td>${count}</td></tr>
`,
  );
  return section(
    'Classes',
    markup`<p>Precision: of the pictures called so, the share that is. Recall: of the pictures of the class, the share called so.</p>
<table><thead><tr><th scope="col">Class</th><th scope="col">Precision</th><th scope="col">Recall</th><th scope="col">Pictures</th></tr></thead>
<tbody>${rows}</tbody></table>`,
  );
}

function pictures(
  report: ProbeReport,
  cells: readonly Cell[],
  links: ReportLinks,
): readonly Markup[] {
  const wrongFirst = [...cells].sort(
    (a, b) =>
      Number(a.truth === a.answer) - Number(b.truth === b.answer) ||
      a.truth - b.truth ||
      a.answer - b.answer,
  );
  return wrongFirst.map(({ truth, answer, answers }) => {
    const title =
      truth === answer
        ? `${nameOf(report, truth)}, called so`
        : `${nameOf(report, truth)}, called ${nameOf(report, answer)}`;
    const shown = answers.slice(0, picturesACell);
    return markup`<section id="${cellId(truth, answer)}" class="cell"><h2>${title} <small>${answers.length}</small></h2>
<ul class="thumbnails">${shown.map(
      ({ name, probability }) =>
        markup`<li><a href="${links.explanation(name)}" title="Explain ${name}">${thumbnail(name, links)}<small>${formatShare(probability)}</small></a></li>
`,
    )}</ul>${
      answers.length > shown.length
        ? markup`<p>And ${answers.length - shown.length} more, in the JSON report.</p>`
        : undefined
    }</section>
`;
  });
}

function leftOut({ skipped }: ProbeReport): Markup[] {
  if (skipped.length === 0) return [];
  const shown = skipped.slice(0, leftOutShown);
  return [
    section(
      'Left out',
      markup`<ul>${shown.map(({ name, reason }) => markup`<li><code>${name}</code> ${reason}</li>`)}</ul>${
        skipped.length > shown.length
          ? markup`<p>And ${skipped.length - shown.length} more, in the JSON report.</p>`
          : undefined
      }`,
    ),
  ];
}

function thumbnail(name: string, links: ReportLinks): Markup {
  return markup`<img src="${links.picture(name)}" alt="${name}" width="112" height="112" loading="lazy">`;
}

/** Only the cells that hold pictures, the surest answers first. */
function cellsOf(answers: readonly ProbeAnswer[]): readonly Cell[] {
  const cells = new Map<string, ProbeAnswer[]>();
  for (const answer of answers) {
    const id = cellId(answer.truth, answer.answer);
    const members = cells.get(id);
    if (members === undefined) cells.set(id, [answer]);
    else members.push(answer);
  }
  return [...cells.values()].map((members) => {
    const sorted = members.sort((a, b) => b.probability - a.probability);
    const { truth = 0, answer = 0 } = sorted[0] ?? {};
    return { truth, answer, answers: sorted, count: sorted.length };
  });
}

function cellId(truth: number, answer: number): string {
  return `cell-${truth}-${answer}`;
}

function nameOf({ classes: names }: ProbeReport, index: number): string {
  return names[index] ?? `class ${index}`;
}

function share(value: number | null): string {
  return value === null ? '–' : percent(value);
}

/** The panel's page has the editor's colours. */
const ownStyle = `
body[class*=vscode-] { --text: var(--vscode-editor-foreground); --soft: var(--vscode-descriptionForeground); --back: var(--vscode-editor-background); --line: var(--vscode-panel-border, #8885); padding: 0; }
body.vscode-dark, body.vscode-high-contrast:not(.vscode-high-contrast-light) { color-scheme: dark; --right: 90 180 95; --wrong: 240 110 95; }
body.vscode-light, body.vscode-high-contrast-light { color-scheme: light; --right: 46 125 50; --wrong: 200 50 40; }
a { color: inherit; } .confusion td { padding: 0; min-width: 2.2em; } .confusion td a { display: block; padding: 3px 8px; }
.evidence { display: block; width: 100%; height: 170px; }
.cell { scroll-margin-top: 8px; } .cell:target { outline: 2px solid var(--line); outline-offset: 8px; }
.thumbnails { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: 8px; } .thumbnails a { display: block; width: 112px; text-decoration: none; }
.thumbnails img { display: block; object-fit: cover; border-radius: 3px; } a:focus-visible { outline: 2px solid var(--vscode-focusBorder, currentColor); outline-offset: 2px; }
.curve { max-width: 520px; width: 100%; } .curve text { fill: var(--soft); font-size: 12px; } .curve .line { fill: none; stroke: var(--text); stroke-width: 2; } .curve circle { fill: var(--text); } .curve .grid { stroke: var(--line); }
`;
