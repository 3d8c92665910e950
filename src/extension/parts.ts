/** All that the first request brings into memory: models, panels, galleries, and what commands do with them. */
import * as vscode from 'vscode';
import { ExplainImageCall } from './code/explain-image-call';
import { commandHandlers, type CommandHandlers } from './commands/command-handlers';
import { Comparisons } from './compare/comparisons';
import { Galleries } from './gallery/galleries';
import { cacheFolders } from './models/cache-folders';
import { CacheKeeper } from './models/cache-keeper';
import { ModelManager } from './models/model-manager';
import { Panels } from './panel/panels';
import { reviveProbeReport } from './probe/probe-report';
import { WorkerHost } from './worker-host';

export interface Parts {
  readonly commands: CommandHandlers;
  readonly panels: Panels;
  readonly galleries: Galleries;
  readonly comparisons: Comparisons;
  readonly explainImage: ExplainImageCall;
  readonly reviveProbeReport: (panel: vscode.WebviewPanel, kept: unknown) => Promise<void>;
}

/** The same parts every time. */
export type LoadParts = () => Promise<Parts>;

export function createParts(
  context: vscode.ExtensionContext,
  worker: WorkerHost,
  log: vscode.LogOutputChannel,
): Parts {
  const { extensionUri, globalStorageUri } = context;
  const folders = cacheFolders(context);
  // Training takes minutes: a process of its own leaves the other one free to explain.
  const trainer = new WorkerHost(context, log);
  const models = new ModelManager(context);
  const services = { extensionUri, worker, models, memento: context.globalState, log };
  const panels = new Panels({ ...services, compare: (start) => comparisons.open(start) });
  const comparisons = new Comparisons({
    ...services,
    openPanel: (picture, start) => panels.open(picture, start),
  });
  const galleries = new Galleries({
    extensionUri,
    thumbnailFolder: vscode.Uri.file(folders.thumbnails),
    worker,
    models,
    panels,
    log,
  });
  const caches = new CacheKeeper(folders, [worker, trainer], log);
  context.subscriptions.push(trainer, panels, galleries, comparisons, caches);
  const notebookImages = vscode.Uri.joinPath(globalStorageUri, 'notebook-images');
  const own = {
    extensionUri,
    panels,
    galleries,
    comparisons,
    trainer,
    models,
    caches,
    notebookImages,
    log,
  };
  return {
    commands: commandHandlers(own),
    panels,
    galleries,
    comparisons,
    explainImage: new ExplainImageCall(services),
    reviveProbeReport: (panel, kept) => reviveProbeReport(panel, kept, services),
  };
}
