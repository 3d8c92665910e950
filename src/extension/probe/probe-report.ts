/** The report of a probe in a panel: a page of links, whose pictures open their explanation. */
import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { probeReportHtml, type ReportLinks } from '../../dataset/probe-report/probe-report-html';
import { Failure } from '../../shared/failure';
import type { ProbeReport } from '../../shared/probe';
import { isThere, probeFiles } from '../../store/probe-manifest';
import { explainWithProbe, probeReportType } from '../commands/command-ids';

/**
 * @param head the probe's file, or its manifest
 * @throws Failure `model-missing` when the probe has no report
 */
export async function showProbeReport(
  head: vscode.Uri,
  { extensionUri }: { readonly extensionUri: vscode.Uri },
): Promise<void> {
  const files = probeFiles(head.fsPath);
  const report = await readReport(files.report);
  const panel = vscode.window.createWebviewPanel(
    probeReportType,
    `${report.probe} – Linear Probe`,
    vscode.ViewColumn.Active,
    {
      enableFindWidget: true,
      enableCommandUris: [explainWithProbe],
      localResourceRoots: [vscode.Uri.file(report.root)],
    },
  );
  panel.iconPath = vscode.Uri.joinPath(extensionUri, 'media', 'icon.svg');
  const pictureOf = (name: string): vscode.Uri =>
    vscode.Uri.joinPath(vscode.Uri.file(report.root), name);
  const links: ReportLinks = {
    picture: (name) => panel.webview.asWebviewUri(pictureOf(name)).toString(),
    explanation: (name) => {
      const parameters = encodeURIComponent(JSON.stringify([pictureOf(name).fsPath, files.head]));
      return `command:${explainWithProbe}?${parameters}`;
    },
    pictureSources: panel.webview.cspSource,
  };
  panel.webview.html = probeReportHtml(report, links);
}

async function readReport(file: string): Promise<ProbeReport> {
  if (!(await isThere(file))) {
    throw new Failure(
      'model-missing',
      `There is no report at ${file}.`,
      'Train the probe again: features are kept, so it takes seconds.',
    );
  }
  // Written by the training; a page made of other data than this would say so by being empty.
  return JSON.parse(await readFile(file, 'utf8')) as ProbeReport;
}
