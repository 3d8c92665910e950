/** The report of a dataset as one HTML page. */
import type { BatchHeader } from '../../shared/batch-header';
import { doubtSentences, type DatasetSummary } from '../../shared/dataset-summary';
import { formatFigure } from '../../shared/format-number';
import { otherFilesSentence } from '../../shared/other-files';
import { remarkOfMany } from '../../shared/picture-remark';
import { preprocessingSteps } from '../../shared/preprocessing-steps';
import { readingWords } from '../../shared/label-reading';
import { outputInWords } from '../../shared/output-kind';
import type { DatasetTally } from '../dataset-summary';
import { amongSections } from './among-sections';
import { answerFacts } from './answer-facts';
import { calibrationSection } from './calibration-section';
import { classTable, confusion } from './class-sections';
import { markup, type Markup } from './html';
import { cells, edges, meanMaps, mistakes, type ReportedMethod } from './map-sections';
import { factList, reportPage, section, type Fact } from './page';
import type { Thumbnails } from './thumbnails';

const brokenShown = 200;

/**
 * @param tally of all samples that the report is of
 * @param method whose maps they are
 */
export function htmlReport(
  header: BatchHeader,
  tally: DatasetTally,
  thumbnails: Thumbnails,
  method: ReportedMethod,
): string {
  const { summary } = tally;
  const title = `${header.dataset} through ${header.model.name}`;
  const sections = [
    figures(header, summary),
    amongSections(header, summary),
    mistakes(header, tally.mistakes, thumbnails, method),
    confusion(header, summary),
    classTable(header, summary),
    calibrationSection(summary),
    meanMaps(header, summary),
    cells(header, summary),
    edges(summary),
    readings(header, summary),
    unread(header, summary),
    madeWith(header),
  ];
  return reportPage(
    { title },
    markup`<p>${chosenSentence(header)}${methodSentence(header)}${drawnSentences(method)}</p>
`,
    ...sections.flat(),
  );
}

function chosenSentence({ chosen }: BatchHeader): string {
  return chosen === undefined
    ? ''
    : `Only samples chosen by the filters of the gallery: ${chosen}. `;
}

function methodSentence({ method, options: { preset } }: BatchHeader): string {
  return `Maps by ${method}${preset === undefined ? '' : `, preset ${preset}`}.`;
}

/** What is drawn and counted where a method leaves a choice. */
function drawnSentences({ classSpecific, signed, pixels }: ReportedMethod): string {
  const sentences = [
    !classSpecific &&
      'They are the same for every class: where the model looks, not what counts for an answer.',
    signed &&
      'Drawn and counted is what speaks for an answer, each map on a scale of its own; what speaks against it is in the JSONL file alone.',
    pixels &&
      'Pixels are summed by patch; the colours of single maps end at the 99th percentile of the sums’ size.',
  ];
  return sentences.map((sentence) => (sentence === false ? '' : ` ${sentence}`)).join('');
}

function figures(header: BatchHeader, summary: DatasetSummary): Markup {
  const { samples, labelled, unread: notRead, values } = summary;
  const facts: readonly Fact[] = [
    ['Samples', samples === header.samples ? `${samples}` : `${samples} of ${header.samples}`],
    ...(values === undefined
      ? [['With a known class', String(labelled)] as const]
      : [['Value, least to most', spreadInWords(values)] as const]),
    ...answerFacts(summary, header.classes.length),
    ['Could not be read', String(notRead)],
  ];
  return section('Figures', factList(facts));
}

function spreadInWords({ least, mean, most }: NonNullable<DatasetSummary['values']>): string {
  return `${formatFigure(least)} to ${formatFigure(most)}, mean ${formatFigure(mean)}`;
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

/** What would give the same report again. */
function madeWith({ made, model, method, options, preprocessing, output }: BatchHeader): Markup[] {
  const facts: readonly Fact[] = [
    ...(made === undefined ? [] : [['Date', made] as const]),
    ['Model', model.name],
    ['SHA-256 of all that it computes with', model.sha256],
    ['Preprocessing', preprocessingSteps(preprocessing)],
    ['It gives', outputInWords(output)],
    ['Method', method],
    ...Object.entries(options).map(([name, value]) => [name, String(value)] as const),
  ];
  return [
    section(
      'Made with',
      markup`<table class="facts"><tbody>${facts.map(
        ([name, value]) => markup`<tr><th scope="row">${name}</th><td>${value}</td></tr>
`,
      )}</tbody></table>`,
    ),
  ];
}
