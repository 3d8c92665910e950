/** An evaluation as one HTML page that needs nothing else. */
import type { MethodInfo } from '../../shared/explanation';
import {
  isControl,
  metricIds,
  metrics,
  type EvaluatedPicture,
  type EvaluationRow,
  type EvaluationSummary,
} from '../../shared/evaluation';
import type { MapKind } from '../../shared/look';
import { formatThousandths } from '../../shared/format-number';
import { outputInWords } from '../../shared/output-kind';
import type { Thumbnails } from '../report/thumbnails';
import { markup, type Markup } from '../report/html';
import { factList, reportPage, section, type Fact } from '../report/page';
import { curveDrawing, type CurveAxes } from './curve-drawing';
import { evaluationStyle } from './evaluation-style';
import { howMeasured, type EvaluationReport } from './evaluation-report';
import { evaluationTable } from './evaluation-table';
import { pictureTiles } from './picture-tiles';
import { dayOf } from '../../shared/day';

export interface EvaluationPage extends EvaluationReport {
  readonly summary: EvaluationSummary;
  readonly methods: readonly MethodInfo[];
  /** Small JPEGs by sample name; samples without one are listed without a picture. */
  readonly thumbnails: Thumbnails;
  readonly made: Date;
}

/** Names of the pictures that the page shows. */
export function picturesShown({ rows }: EvaluationSummary): ReadonlySet<string> {
  const methods = rows.filter(({ id }) => !isControl(id));
  return new Set(methods.flatMap(({ best, worst }) => [...best, ...worst]));
}

export function evaluationHtml(page: EvaluationPage): string {
  const { header, summary } = page;
  const title = `Which maps hold: ${header.dataset} through ${header.model.name}`;
  return reportPage(
    { title, style: evaluationStyle },
    markup`<p class="advice">${summary.advice.sentence}</p>
<p>${howMeasured(header, summary.pictures)}</p>
`,
    figures(page),
    table(page),
    ...curves(page),
    ...pictures(page),
    aboutMethods(page),
    origin(page),
  );
}

function figures({ header, summary }: EvaluationPage): Markup {
  const facts: readonly Fact[] = [
    ['Pictures measured', `${summary.pictures} of ${header.samples}`],
    ['Methods', String(summary.rows.filter(({ id }) => !isControl(id)).length)],
    ['Could not be measured', String(summary.broken.length)],
  ];
  return section('Figures', factList(facts));
}

function table({ summary, costs, randomised, methods }: EvaluationPage): Markup {
  const { head, rows } = evaluationTable(summary, costs, randomised);
  const nameOf = (id: string) => methods.find((method) => method.id === id)?.name;
  return section(
    'Methods',
    markup`<p>Highest ABC first; means over the pictures ± standard error. The interval is that of the difference to ${summary.reference ?? ''}, picture by picture (95 %, bootstrap): where it does not hold 0, the difference is more than chance.${
      costs === undefined
        ? ''
        : ' Cost: time of one map in plain forward runs of this model, measured on this machine.'
    }</p>
<div class="wide" role="region" aria-label="Methods and figures" tabindex="0"><table>
<thead><tr>${head.map((name) => markup`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${rows.map(
      ({ id, cells: [name = '', ...cells] }) =>
        markup`<tr class="${isControl(id) ? 'control' : 'method'}"><th scope="row"><code>${name}</code>${nameOf(id) === undefined ? '' : markup`<br><small>${nameOf(id) ?? ''}</small>`}</th>${cells.map((cell) => markup`<td>${cell}</td>`)}</tr>
`,
    )}</tbody></table></div>
<dl class="metrics">${metricIds.map((metric) => markup`<div><dt>${metrics[metric].name}</dt><dd>${metrics[metric].sentence}</dd></div>`)}<div><dt>Zero maps</dt><dd>Share of the pictures of which a method has nothing to show.</dd></div>
${
  randomised === undefined
    ? ''
    : markup`<div><dt>Randomised</dt><dd>Rank correlation of a map and that of the same class once the weights of the head and all blocks are shuffled: near 0 where a map shows what was learned, near 1 where it shows the picture or the architecture.</dd></div>
`
}<div><dt>Controls</dt><dd>Orders that look at no model: random, each taken from both of its ends, and the middle of the picture outwards (centre). A method that does not beat both tells nothing about the model.</dd></div></dl>`,
  );
}

function curves({ summary, records, header }: EvaluationPage): Markup[] {
  const shares = records.find((record) => record.ok)?.shares;
  if (shares === undefined) return [];
  const drawn = summary.rows.flatMap((row) => (row.curves ? [{ ...row, curves: row.curves }] : []));
  const unit = header.output === 'value' ? 'value' : 'probability';
  const axes: CurveAxes = { shares, ...rangeOf(drawn, unit), unit };
  return [
    section(
      'Curves',
      markup`<p>Mean ${unit} of the class while patches are taken away: <span class="key least">the least relevant first</span> and <span class="key most">the most relevant first</span>. The area between both is the ABC.</p>
<ul class="curves">${drawn.map(
        ({ id, curves: both, means }) =>
          markup`<li><p><code>${id}</code> <small>ABC ${formatThousandths(means.abc?.mean ?? 0)}</small></p>${curveDrawing(id, both, axes)}</li>
`,
      )}</ul>`,
    ),
  ];
}

/** Probabilities from 0 to the next tenth; values as far as they go. */
function rangeOf(rows: readonly EvaluationRow[], unit: string): { least: number; most: number } {
  const values = rows.flatMap(({ curves: both }) =>
    both ? [...both.mostFirst.probability, ...both.leastFirst.probability] : [],
  );
  const most = Math.max(...values);
  if (unit === 'probability') return { least: 0, most: Math.max(0.1, Math.ceil(most * 10) / 10) };
  const least = Math.min(...values);
  return { least, most: most > least ? most : least + 1 };
}

function pictures({ summary, records, methods, thumbnails, header }: EvaluationPage): Markup[] {
  const byName = new Map<string, EvaluatedPicture>(
    records.flatMap((record) => (record.ok ? [[record.name, record] as const] : [])),
  );
  const named = (names: readonly string[]) => names.flatMap((name) => byName.get(name) ?? []);
  const rows = summary.rows.filter(({ id }) => !isControl(id));
  const lists = rows.map(({ id, best, worst }, place) => {
    const { signed, pixels } = methods.find((one) => one.id === id) ?? unknownKind;
    const method = { id, signed, pixels };
    const tiles = (shown: readonly string[]) =>
      pictureTiles(named(shown), method, header.classes, thumbnails);
    return markup`<details${place === 0 ? { html: ' open' } : ''}><summary><code>${id}</code></summary>
<h3>Highest ABC</h3>
${tiles(best)}${
      worst.length === 0
        ? ''
        : markup`<h3>Lowest ABC</h3>
${tiles(worst)}`
    }</details>
`;
  });
  return lists.length === 0
    ? []
    : [
        section(
          'Best and worst pictures',
          markup`<p>By each method: the picture as the model sees it, and the map of the class.</p>
`,
          ...lists,
        ),
      ];
}

function aboutMethods({ summary, methods, costs }: EvaluationPage): Markup {
  const shown = summary.rows.flatMap(({ id }) => methods.find((method) => method.id === id) ?? []);
  return section(
    'What the methods show, and where they mislead',
    markup`<dl class="metrics">${shown.map(
      ({ id, name, sentence, misleads, paper }) =>
        markup`<div><dt>${name} <code>${id}</code></dt><dd>${sentence} ${misleads}${costs?.[id] === undefined ? '' : ` Costs ${costs[id].toFixed(1)} forward runs here.`} <small>${paper.authors} ${paper.year}: ${paper.title}</small></dd></div>
`,
    )}</dl>`,
  );
}

function origin({ header, summary, made }: EvaluationPage): Markup {
  const { model, preprocessing, output, options, measuring } = header;
  const [height, width] = preprocessing.crop;
  const left = [
    ...summary.broken.map(({ name, message }) => ({ name, message })),
    ...header.skipped.map(({ name, reason }) => ({ name, message: reason })),
  ].slice(0, mostListed);
  return section(
    'How this came about',
    markup`<p>Made ${dayOf(made)}. The model gives ${outputInWords(output)} and sees ${height} × ${width} pixels; identity of the model (SHA-256 of all that it computes with) <code>${model.sha256}</code>. Preset ${options.preset ?? ''}; ${measuring.randomOrders} random orders a picture, seed ${measuring.seed}.</p>
<details><summary>Preprocessing</summary><pre tabindex="0" aria-label="Preprocessing">${JSON.stringify(preprocessing, undefined, 2)}</pre></details>
${Object.entries(summary.failures).map(([id, count]) => markup`<p><code>${id}</code> has no finite map of ${count} of the pictures.</p>`)}${
      left.length === 0
        ? ''
        : markup`<h3>Left out</h3><ul>${left.map(({ name, message }) => markup`<li><code>${name}</code> ${message}</li>`)}</ul>`
    }`,
  );
}

const mostListed = 200;
/** Of a method that this version lacks: what speaks for the class is drawn. */
const unknownKind: MapKind = { signed: true, pixels: false };
