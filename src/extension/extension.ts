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
import type { LoadParts, Parts } from './parts';
import { WorkerHost } from './worker-host';

export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel('ViT Explainer', { log: true });
  const worker = new WorkerHost(context, log);
  let parts: Promise<Parts> | undefined;
  const loadParts: LoadParts = () =>
    (parts ??= import('./parts').then(({ createParts }) => createParts(context, worker, log)));
  context.subscriptions.push(
    log,
    worker,
    registerCommands(loadParts, log),
    registerCode(loadParts, worker, log),
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
