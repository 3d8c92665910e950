/** Activation: wiring only. Nothing native is loaded here, and no process is started. */
import * as vscode from 'vscode';
import { registerCode } from './code/register-code';
import { galleryType, panelType } from './commands/command-ids';
import { registerCommands } from './commands/register-commands';
import { Galleries } from './gallery/galleries';
import { ModelManager } from './models/model-manager';
import { Panels } from './panel/panels';
import { WorkerHost } from './worker-host';

export function activate(context: vscode.ExtensionContext): void {
  const { extensionUri } = context;
  const log = vscode.window.createOutputChannel('ViT Explainer', { log: true });
  const worker = new WorkerHost(context, log);
  // Training takes minutes: a process of its own leaves the other one free to explain.
  const trainer = new WorkerHost(context, log);
  const models = new ModelManager(context);
  const services = { extensionUri, worker, models, log };
  const panels = new Panels(services);
  const galleries = new Galleries({
    extensionUri,
    thumbnailFolder: vscode.Uri.joinPath(context.globalStorageUri, 'thumbnails'),
    worker,
    models,
    panels,
    log,
  });
  context.subscriptions.push(
    log,
    worker,
    trainer,
    panels,
    galleries,
    registerCommands({
      extensionUri,
      panels,
      galleries,
      trainer,
      models,
      notebookImages: vscode.Uri.joinPath(context.globalStorageUri, 'notebook-images'),
      log,
    }),
    registerCode(services),
    vscode.window.registerWebviewPanelSerializer(panelType, panels),
    vscode.window.registerWebviewPanelSerializer(galleryType, galleries),
  );
}
