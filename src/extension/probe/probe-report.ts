/** The report of a probe in a panel: a page of links, whose pictures open their explanation. */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import * as vscode from 'vscode';
import { probeReportHtml, type ReportLinks } from '../../dataset/probe-report/probe-report-html';
import { Failure } from '../../shared/failure';
import type { ProbeReport } from '../../shared/probe';
import { isThere, probeFiles } from '../../store/probe-manifest';
import { explainWithProbe, probeReportType } from '../commands/command-ids';

interface Surroundings {
  readonly extensionUri: vscode.Uri;
}

/**
 * @param head the probe's file, or its manifest
 * @throws Failure `model-missing` when the probe has no report
 */
export async function showProbeReport(head: vscode.Uri, surroundings: Surroundings): Promise<void> {
  const report = await readReport(probeFiles(head.fsPath).report);
  const panel = vscode.window.createWebviewPanel(
    probeReportType,
    `${report.probe} – Linear Probe`,
    vscode.ViewColumn.Active,
    { enableFindWidget: true },
  );
  fill(panel, head.fsPath, report, surroundings);
}

const keptSchema = v.object({ head: v.string() });

/**
 * After a reload of the window.
 * @param kept what the page kept
 * @throws Failure `model-missing` when the report is not there any more; the panel is closed then
 */
export async function reviveProbeReport(
  panel: vscode.WebviewPanel,
  kept: unknown,
  surroundings: Surroundings,
): Promise<void> {
  try {
    const { head } = v.parse(keptSchema, kept);
    fill(panel, head, await readReport(probeFiles(head).report), surroundings);
  } catch (error) {
    panel.dispose();
    throw error;
  }
}

function fill(
  panel: vscode.WebviewPanel,
  head: string,
  report: ProbeReport,
  { extensionUri }: Surroundings,
): void {
  const root = vscode.Uri.file(report.root);
  panel.iconPath = vscode.Uri.joinPath(extensionUri, 'media', 'icon.svg');
  panel.webview.options = {
    enableScripts: true,
    enableCommandUris: [explainWithProbe],
    localResourceRoots: [root],
  };
  const pictureOf = (name: string): vscode.Uri => vscode.Uri.joinPath(root, name);
  const kept: v.InferOutput<typeof keptSchema> = { head };
  // A path may hold anything, an end of the script as well.
  const state = JSON.stringify(kept).replaceAll('<', '\\u003c');
  const links: ReportLinks = {
    picture: (name) => panel.webview.asWebviewUri(pictureOf(name)).toString(),
    explanation: (name) => {
      const parameters = [pictureOf(name).fsPath, probeFiles(head).head];
      return `command:${explainWithProbe}?${encodeURIComponent(JSON.stringify(parameters))}`;
    },
    pictureSources: panel.webview.cspSource,
    script: {
      nonce: randomBytes(16).toString('base64'),
      code: `acquireVsCodeApi().setState(${state});`,
    },
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
