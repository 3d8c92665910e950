/** Writing and printing what an evaluation found. */
import { evaluationHtml, picturesShown } from '../dataset/evaluation/evaluation-html';
import { howMeasured, type EvaluationReport } from '../dataset/evaluation/evaluation-report';
import { evaluationTable } from '../dataset/evaluation/evaluation-table';
import {
  evaluationCsv,
  evaluationJson,
  evaluationMarkdown,
} from '../dataset/evaluation/evaluation-texts';
import { summariseEvaluation } from '../dataset/evaluation/summarise-evaluation';
import type { EvaluationSummary } from '../shared/evaluation';
import { methods } from '../service/methods';
import type { Terminal } from './command';
import { seenPictures, writeReport } from './report-files';

/** Where each kind goes; kinds left out are not written. */
export interface EvaluationPaths {
  readonly html?: string | undefined;
  readonly json?: string | undefined;
  readonly csv?: string | undefined;
  readonly markdown?: string | undefined;
}

/** The model's own choice, as far as it is known. */
export interface OwnMethod {
  /** What it is explained by where nobody names a method: the others are compared with it. */
  readonly method: string;
  /** Path of the file that can name another one; undefined where it is not at hand. */
  readonly manifest?: string | undefined;
}

/**
 * Writes the reports and prints the table.
 *
 * @param root folder of the pictures, for small ones in the page; left out: no pictures
 * @throws Failure `cache-unwritable`
 */
export async function reportEvaluation(
  paths: EvaluationPaths,
  report: EvaluationReport,
  root: string | undefined,
  own: OwnMethod,
  terminal: Terminal,
): Promise<void> {
  const summary = summariseEvaluation(report.records, own.method);
  // Whoever reads the first lines of the table only (`| head`) is to have the reports too.
  try {
    await writeReports(paths, report, summary, root);
  } finally {
    printEvaluation(report, summary, own, terminal);
  }
}

async function writeReports(
  { html, json, csv, markdown }: EvaluationPaths,
  report: EvaluationReport,
  summary: EvaluationSummary,
  root: string | undefined,
): Promise<void> {
  if (csv !== undefined) await writeReport(csv, evaluationCsv(report));
  if (json !== undefined) await writeReport(json, evaluationJson(report, summary));
  if (markdown !== undefined) await writeReport(markdown, evaluationMarkdown(report, summary));
  if (html === undefined) return;
  const page = {
    ...report,
    summary,
    methods: await methods(),
    thumbnails: await seenPictures(picturesShown(summary), report.header.preprocessing, root),
    made: new Date(),
  };
  await writeReport(html, evaluationHtml(page));
}

/** The table as lines for a person, and which method to use. */
function printEvaluation(
  { header, costs, randomised }: EvaluationReport,
  summary: EvaluationSummary,
  own: OwnMethod,
  terminal: Terminal,
): void {
  const { head, rows } = evaluationTable(summary, costs, randomised);
  const lines = [head, ...rows.map(({ cells }) => cells)];
  const widths = head.map((_, column) =>
    Math.max(...lines.map((cells) => (cells[column] ?? '').length)),
  );
  for (const cells of lines) {
    const padded = cells.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
    );
    terminal.result(padded.join('  '));
  }
  terminal.result('');
  terminal.result(howMeasured(header, summary.pictures));
  terminal.result(summary.advice.sentence);
  const { method } = summary.advice;
  if (method !== undefined && method !== own.method && own.manifest !== undefined)
    terminal.result(`To keep it, write "method": "${method}" into ${own.manifest}.`);
  for (const { name, message } of summary.broken.slice(0, mostListed))
    terminal.progress(`${name}: ${message}`);
  for (const [id, count] of Object.entries(summary.failures))
    terminal.progress(`${id} has no finite map of ${count} of the pictures.`);
}

const mostListed = 20;
