/** Writing the report of a comparison where the person wants it. */
import * as vscode from 'vscode';
import {
  evaluationHtml,
  picturesShown,
  type EvaluationPage,
} from '../../dataset/evaluation/evaluation-html';
import { evaluationCsv, evaluationJson } from '../../dataset/evaluation/evaluation-texts';
import type { EvaluationExport } from '../../shared/protocol/evaluation';
import { saveReport } from '../gallery/save-report';

type Report = Omit<EvaluationPage, 'thumbnails' | 'made'>;

/** Small pictures of samples, as the model sees them. */
export type SeenPictures = (names: ReadonlySet<string>) => Promise<EvaluationPage['thumbnails']>;

const texts: Readonly<
  Record<EvaluationExport, (report: Report, seen: SeenPictures) => string | Promise<string>>
> = {
  html: async (report, seen) =>
    evaluationHtml({
      ...report,
      thumbnails: await seen(picturesShown(report.summary)),
      made: new Date(),
    }),
  csv: evaluationCsv,
  json: (report) => evaluationJson(report, report.summary),
};

/**
 * Asks where to, and writes.
 * @param folder where the dialog begins
 */
export async function exportEvaluation(
  format: EvaluationExport,
  folder: vscode.Uri,
  report: Report,
  seen: SeenPictures,
): Promise<void> {
  const proposed = vscode.Uri.joinPath(folder, `${report.header.dataset}.methods.${format}`);
  await saveReport(format, proposed, () => texts[format](report, seen));
}
