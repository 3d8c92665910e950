/** The report of a dataset as one HTML page. */
import type { BatchHeader } from '../../shared/batch-header';
import { confusionTable } from '../../shared/confusion-table';
import { doubtSentences, type DatasetSummary, type MeanMap } from '../../shared/dataset-summary';
import { formatFigure, formatShare } from '../../shared/format-number';
import type { MapKind } from '../../shared/look';
import { otherFilesSentence } from '../../shared/other-files';
import { remarkOfMany } from '../../shared/picture-remark';
import { readingWords } from '../../shared/label-reading';
import { outputInWords } from '../../shared/output-kind';
import type { ExplainedSample } from '../../shared/sample-result';
import type { DatasetTally } from '../dataset-summary';
import { unpackCells } from '../pack-map';
import { markup, type Markup } from './html';
import { mapPicture } from './map-picture';
import { factList, percent, reportPage, section, type Fact } from './page';

/** Small JPEGs by sample name; samples without one are listed without a picture. */
export type Thumbnails = ReadonlyMap<string, Uint8Array>;

/** Their long side, in pixels. */
export const thumbnailSide = 112;

const cellsShown = 24;
const brokenShown = 200;
/** What speaks for an answer, as shares. */
const meanKind: MapKind = { signed: false, pixels: false };

/**
 * @param tally of all samples
 * @param kind of the method's maps
 */
export function htmlReport(
  header: BatchHeader,
  tally: DatasetTally,
  thumbnails: Thumbnails,
  kind: MapKind,
): string {
  const { summary } = tally;
  const title = `${header.dataset} through ${header.model.name}`;
  const sections = [
    figures(header, summary),
    mistakes(header, tally.mistakes, thumbnails, kind),
    confusion(header, summary),
    meanMaps(header, summary),
    cells(header, summary),
    edges(summary),
    readings(header, summary),
    unread(header, summary),
  ];
  return reportPage(
    { title },
    markup`<p>${methodSentence(header)}${drawnSentences(kind)}</p>
`,
    ...sections.flat(),
  );
}

function methodSentence({ method, options, output, model, preprocessing }: BatchHeader): string {
  const [height, width] = preprocessing.crop;
  const preset = options.preset === undefined ? '' : `, preset ${options.preset}`;
  return `Maps by ${method}${preset}; the model gives ${outputInWords(output)}, and sees ${height} × ${width} pixels; identity of the model (SHA-256 of all that it computes with) ${model.sha256}.`;
}

/** What is drawn and counted where a method leaves a choice. */
function drawnSentences({ signed, pixels }: MapKind): string {
  const sentences = [
    signed &&
      'Drawn and counted is what speaks for an answer, each map on a scale of its own; what speaks against it is in the JSONL file alone.',
    pixels &&
      'Pixels are summed by patch; the colours of single maps end at the 99th percentile of the sums’ size.',
  ];
  return sentences.map((sentence) => (sentence === false ? '' : ` ${sentence}`)).join('');
}

function figures(header: BatchHeader, summary: DatasetSummary): Markup {
  const { samples, labelled, unread: notRead, top1, top5, loss, values } = summary;
  const facts: readonly Fact[] = [
    ['Samples', samples === header.samples ? `${samples}` : `${samples} of ${header.samples}`],
    ...(values === undefined
      ? [['With a known class', String(labelled)] as const]
      : [['Value, least to most', spreadInWords(values)] as const]),
    ...(top1 === undefined ? [] : [['Accuracy', percent(top1)] as const]),
    ...(top5 === undefined || header.classes.length <= 5
      ? []
      : [['Right within the first five', percent(top5)] as const]),
    ...(loss === undefined ? [] : [['Mean loss', `${loss.toFixed(3)} nats`] as const]),
    ['Could not be read', String(notRead)],
  ];
  return section('Figures', factList(facts));
}

function spreadInWords({ least, mean, most }: NonNullable<DatasetSummary['values']>): string {
  return `${formatFigure(least)} to ${formatFigure(most)}, mean ${formatFigure(mean)}`;
}

function mistakes(
  { classes }: BatchHeader,
  surest: readonly ExplainedSample[],
  thumbnails: Thumbnails,
  kind: MapKind,
): Markup[] {
  if (surest.length === 0) return [];
  const items = surest.map(({ name, truth = -1, top: [best], map }) => {
    const jpeg = thumbnails.get(name);
    const says = nameOf(classes, best?.index ?? -1);
    return markup`<li>
<div class="pictures">${jpeg && picture(`data:image/jpeg;base64,${Buffer.from(jpeg).toString('base64')}`, `${name}, as the model sees it`)}${picture(
      mapPicture(unpackCells(map), kind),
      `Evidence for ${says} in ${name}`,
    )}</div>
<p><strong>${says}</strong> ${formatShare(best?.probability ?? 0)}<br>is ${nameOf(classes, truth)}<br><small>${name}</small></p>
</li>
`;
  });
  return [
    section(
      'Most confident mistakes',
      markup`<p>Wrong answers, the surest first: the picture as the model sees it, and where the evidence for the wrong class lies.</p>
<ol class="tiles">${items}</ol>`,
    ),
  ];
}

function confusion({ classes }: BatchHeader, summary: DatasetSummary): Markup[] {
  if (summary.confusion.length === 0) return [];
  const { truths, answers, count, others } = confusionTable(summary.confusion);
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
      'Confusion matrix',
      markup`<p>A row a true class, a column an answer.</p>
<div class="wide" role="region" aria-label="Confusion matrix" tabindex="0"><table class="confusion">
<thead><tr><td></td>${answers.map((answer) => markup`<th scope="col"><span>${shortName(classes, answer)}</span></th>`)}<th scope="col"><span>other classes</span></th></tr></thead>
<tbody>${rows}</tbody>
</table></div>`,
    ),
  ];
}

function meanMaps({ classes, output }: BatchHeader, { meanMaps }: DatasetSummary): Markup[] {
  const shown = [...meanMaps]
    .sort((a, b) => b.meanMap.samples - a.meanMap.samples || a.index - b.index)
    .slice(0, cellsShown);
  if (shown.length === 0) return [];
  if (output === 'value') {
    const tiles = shown.map(({ index, meanMap }) => mapTile(shortName(classes, index), meanMap));
    return [
      section(
        'Where the model looks',
        markup`<p>Mean of the maps of all samples, each map counted the same.</p>
<ul class="tiles">${tiles}</ul>`,
      ),
    ];
  }
  return [
    section(
      'Where the model looks, by its answer',
      markup`<p>Mean of the maps of all samples with that answer, each map counted the same.${
        meanMaps.length > shown.length ? ` The ${shown.length} most frequent answers.` : ''
      }</p>
<ul class="tiles">${shown.map(({ index, meanMap }) => mapTile(`when it says ${shortName(classes, index)}`, meanMap))}</ul>`,
    ),
  ];
}

function cells({ classes }: BatchHeader, { confusion }: DatasetSummary): Markup[] {
  const shown = confusion
    .filter(({ truth, answer }) => truth !== answer)
    .sort((a, b) => b.count - a.count || a.truth - b.truth || a.answer - b.answer)
    .slice(0, cellsShown);
  if (shown.length === 0) return [];
  return [
    section(
      'Where it looks when it is wrong',
      markup`<p>Mean maps of the most frequent confusions.</p>
<ul class="tiles">${shown.map(({ truth, answer, meanMap }) =>
        mapTile(`${shortName(classes, truth)} taken for ${shortName(classes, answer)}`, meanMap),
      )}</ul>`,
    ),
  ];
}

function edges({ border, corners, outside, meanMaps }: DatasetSummary): Markup[] {
  const map = meanMaps[0]?.meanMap;
  if (map === undefined) return [];
  const { rows, columns } = map;
  const patches = rows * columns;
  const even = {
    border: (patches - Math.max(0, rows - 2) * Math.max(0, columns - 2)) / patches,
    corner: (Math.max(1, Math.floor(rows / 4)) * Math.max(1, Math.floor(columns / 4))) / patches,
  };
  const lines: [place: string, share: number, even: number | undefined][] = [
    ['Outermost ring of patches', border, even.border],
    ['Top left corner', corners[0], even.corner],
    ['Top right corner', corners[1], even.corner],
    ['Bottom left corner', corners[2], even.corner],
    ['Bottom right corner', corners[3], even.corner],
    ...(outside === undefined
      ? []
      : [['Outside the annotated object', outside, undefined] as [string, number, undefined]]),
  ];
  return [
    section(
      'Border and corners',
      markup`<p>Share of the positive relevance, mean over all samples. Much more than an even spread would give hints at a watermark, a frame or another shortcut.</p>
<table><thead><tr><th scope="col">Place</th><th scope="col">Share</th><th scope="col">Spread evenly</th></tr></thead>
<tbody>${lines.map(
        ([place, share, spread]) =>
          markup`<tr><th scope="row">${place}</th><td>${percent(share)}</td><td>${spread === undefined ? '' : percent(spread)}</td></tr>
`,
      )}</tbody></table>`,
    ),
  ];
}

/** What the figures rest on. */
function readings(
  { labelReading, unjudged, otherEndings = {} }: BatchHeader,
  { doubts, remarks }: DatasetSummary,
): Markup[] {
  const sentences = [
    unjudged,
    ...(labelReading === undefined ? [] : [`Labels are read as ${readingWords[labelReading]}.`]),
    ...doubtSentences(doubts),
    ...remarks.map(({ kind, count }) => remarkOfMany(kind, count)),
    otherFilesSentence(otherEndings),
  ].filter((sentence) => sentence !== undefined);
  return sentences.length === 0
    ? []
    : [section('How the files were read', ...sentences.map((one) => markup`<p>${one}</p>`))];
}

function unread({ unmatched, skipped }: BatchHeader, summary: DatasetSummary): Markup[] {
  const { broken } = summary;
  const all = summary.unread + skipped.length;
  const items = [
    ...broken.map(({ name, message }) => ({ name, message })),
    ...skipped.map(({ name, reason }) => ({ name, message: reason })),
  ];
  return [
    ...(items.length === 0
      ? []
      : [
          section(
            'Left out',
            markup`<ul>${items.slice(0, brokenShown).map(({ name, message }) => markup`<li><code>${name}</code> ${message}</li>`)}</ul>${
              all > brokenShown
                ? markup`<p>And ${all - brokenShown} more, in the JSONL file.</p>`
                : undefined
            }`,
          ),
        ]),
    ...(unmatched.length === 0
      ? []
      : [
          section(
            'Labels without a class',
            markup`<p>The model has no class for these labels, so their samples count in no accuracy: ${unmatched.join(', ')}.</p>`,
          ),
        ]),
  ];
}

function mapTile(caption: string, { rows, columns, values, samples }: MeanMap): Markup {
  return markup`<li><div class="pictures">${picture(
    mapPicture({ values: Float32Array.from(values), shape: [rows, columns] }, meanKind),
    `Mean map ${caption}`,
  )}</div><p>${caption}<br><small>${samples === 1 ? '1 sample' : `${samples} samples`}</small></p></li>
`;
}

function picture(address: string, alternative: string): Markup {
  return markup`<img src="${address}" alt="${alternative}" width="112" height="112">`;
}

function nameOf(classes: readonly string[], index: number): string {
  return classes[index] ?? `class ${index}`;
}

/** The first of several names divided by commas. */
function shortName(classes: readonly string[], index: number): string {
  return nameOf(classes, index).split(',', 1)[0] ?? '';
}
