/**
 * Activation: a file of a common language is reason enough for it, so only what listens is set up
 * here. All that answers is loaded when it is first needed; no process is started before that.
 */
import * as vscode from 'vscode';
import { registerCode } from './code/register-code';
import {
  comparisonType,
  evaluationType,
  galleryType,
  panelType,
  probeReportType,
} from './commands/command-ids';
import { registerCommands } from './commands/register-commands';
import { registerModelEditors } from './model-page/model-editor';

export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel('ViT Explainer', { log: true });
  let isOver = false;
  const loadWorker = once(async () => {
    const part = await import('./worker-host');
    const worker = new part.WorkerHost(context, log);
    if (isOver) worker.dispose();
    context.subscriptions.push(worker);
    return worker;
  });
  const loadParts = once(async () => {
    const [part, worker] = await Promise.all([import('./parts'), loadWorker()]);
    return part.createParts(context, worker, log);
  });
  const loadAnswers = once(async () => {
    const [part, worker] = await Promise.all([import('./code/code-answers'), loadWorker()]);
    return part.createCodeAnswers(worker);
  });
  context.subscriptions.push(
    log,
    { dispose: () => (isOver = true) },
    registerCommands(loadParts, log),
    registerCode(loadParts, loadAnswers, log),
    registerModelEditors(loadParts),
    vscode.window.registerWebviewPanelSerializer(panelType, {
      deserializeWebviewPanel: async (panel, kept: unknown) =>
        (await loadParts()).panels.deserializeWebviewPanel(panel, kept),
    }),
    vscode.window.registerWebviewPanelSerializer(galleryType, {
      deserializeWebviewPanel: async (panel, kept: unknown) =>
        (await loadParts()).galleries.deserializeWebviewPanel(panel, kept),
    }),
    vscode.window.registerWebviewPanelSerializer(comparisonType, {
      deserializeWebviewPanel: async (panel, kept: unknown) =>
        (await loadParts()).comparisons.deserializeWebviewPanel(panel, kept),
    }),
    vscode.window.registerWebviewPanelSerializer(evaluationType, {
      deserializeWebviewPanel: async (panel, kept: unknown) =>
        (await loadParts()).evaluations.deserializeWebviewPanel(panel, kept),
    }),
    vscode.window.registerWebviewPanelSerializer(probeReportType, {
      deserializeWebviewPanel: async (panel, kept: unknown) =>
        (await loadParts()).reviveProbeReport(panel, kept),
    }),
  );
}

/** What is made by the first call, every time; a failure is not kept, so that one can try again. */
function once<Made>(make: () => Promise<Made>): () => Promise<Made> {
  let made: Promise<Made> | undefined;
  return () =>
    (made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    }));
}
