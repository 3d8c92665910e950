/** Activation: wiring only. Nothing native is loaded here, and no process is started. */
import * as vscode from 'vscode';
import { panelType } from './commands/command-ids';
import { registerCommands } from './commands/register-commands';
import { ModelManager } from './models/model-manager';
import { Panels } from './panel/panels';
import { WorkerHost } from './worker-host';

export function activate(context: vscode.ExtensionContext): void {
  const { extensionUri } = context;
  const log = vscode.window.createOutputChannel('ViT Explainer', { log: true });
  const worker = new WorkerHost(context, log);
  const models = new ModelManager(context);
  const panels = new Panels({ extensionUri, worker, models, log });
  context.subscriptions.push(
    log,
    worker,
    panels,
    registerCommands({ extensionUri, panels, models, log }),
    vscode.window.registerWebviewPanelSerializer(panelType, panels),
  );
}
