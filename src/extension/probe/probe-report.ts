/** The report of a probe in a panel: a page of links, whose pictures open their explanation. */
import path from 'node:path';
import * as v from 'valibot';
import * as vscode from 'vscode';
import { pictureFolders } from '../../dataset/probe-report/picture-folders';
import { probeReportHtml } from '../../dataset/probe-report/probe-report-html';
import type { ProbeReport } from '../../shared/probe';
import { keptProbeReportSchema, type KeptProbeReport } from '../../shared/protocol/probe-report';
import { probeFiles, readProbeReport } from '../../store/probe-manifest';
import { explainWithProbe, probeReportType } from '../commands/command-ids';
import { newNonce, pageIcon } from '../page/page-html';

interface Surroundings {
  readonly extensionUri: vscode.Uri;
}

/**
 * @param head the probe's file, or its manifest
 * @throws Failure `model-missing` when the probe has no report, `model-unreadable` when it is broken
 */
export async function showProbeReport(head: vscode.Uri, surroundings: Surroundings): Promise<void> {
  const report = await readProbeReport(head.fsPath);
  const panel = vscode.window.createWebviewPanel(
    probeReportType,
    `${report.probe} – Linear Probe`,
    vscode.ViewColumn.Active,
    { enableFindWidget: true },
  );
  fill(panel, head.fsPath, report, surroundings);
}

/**
 * After a reload of the window.
 * @param kept what the page kept
 * @throws Failure `model-missing` when the report is not there any more, `model-unreadable` when it
 *   is broken; the panel is closed then
 */
export async function reviveProbeReport(
  panel: vscode.WebviewPanel,
  kept: unknown,
  surroundings: Surroundings,
): Promise<void> {
  try {
    const { head } = v.parse(keptProbeReportSchema, kept);
    fill(panel, head, await readProbeReport(head), surroundings);
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
  const { webview } = panel;
  panel.iconPath = pageIcon(extensionUri);
  webview.options = {
    enableScripts: true,
    enableCommandUris: [explainWithProbe],
    localResourceRoots: pictureFolders(report).map((folder) => vscode.Uri.file(folder)),
  };
  const pictureOf = (name: string): vscode.Uri => vscode.Uri.file(path.resolve(report.root, name));
  webview.html = probeReportHtml(report, {
    picture: (name) => webview.asWebviewUri(pictureOf(name)).toString(),
    explanation: (name) => {
      const parameters = [pictureOf(name).fsPath, probeFiles(head).head];
      return `command:${explainWithProbe}?${encodeURIComponent(JSON.stringify(parameters))}`;
    },
    pictureSources: webview.cspSource,
    script: { nonce: newNonce(), code: keeping({ head }) },
  });
}

/** A path may hold anything, an end of the script as well. */
function keeping(kept: KeptProbeReport): string {
  return `acquireVsCodeApi().setState(${JSON.stringify(kept).replaceAll('<', '\\u003c')});`;
}
