/** All that the first request brings into memory: models, panels, galleries, and what commands do with them. */
import * as vscode from 'vscode';
import { keptEvaluationSchema, type KeptEvaluation } from '../shared/protocol/evaluation';
import { keptGallerySchema, type KeptGallery } from '../shared/protocol/gallery';
import { ExplainImageCall } from './code/explain-image-call';
import { commandHandlers, type CommandHandlers } from './commands/command-handlers';
import { evaluationType, galleryType } from './commands/command-ids';
import { Comparisons } from './compare/comparisons';
import { EvaluationController } from './evaluation/evaluation-controller';
import { DatasetPages } from './gallery/dataset-pages';
import { GalleryController } from './gallery/gallery-controller';
import { cacheFolders } from './models/cache-folders';
import { CacheKeeper } from './models/cache-keeper';
import { ModelManager } from './models/model-manager';
import { prepareModel } from './models/prepare-model';
import { ModelPages } from './model-page/model-pages';
import { Panels } from './panel/panels';
import { reviveProbeReport } from './probe/probe-report';
import { WorkerHost } from './worker-host';

export interface Parts {
  readonly commands: CommandHandlers;
  readonly panels: Panels;
  readonly galleries: vscode.WebviewPanelSerializer;
  readonly comparisons: Comparisons;
  readonly evaluations: vscode.WebviewPanelSerializer;
  readonly explainImage: ExplainImageCall;
  /** Fills the editor of a model file. */
  readonly showModel: (panel: vscode.WebviewPanel, file: vscode.Uri) => void;
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

  const thumbnailFolder = vscode.Uri.file(folders.thumbnails);
  const modelPages = new ModelPages({ ...services, thumbnailFolder });
  const panels = new Panels({
    ...services,
    compare: (start) => comparisons.open(start),
    showModel: modelPages.show,
  });
  const comparisons = new Comparisons({
    ...services,
    openPanel: (picture, start) => panels.open(picture, start),
  });
  const forDatasets = {
    ...services,
    thumbnailFolder,
    workFolder: folders.work,
    panels,
    showModel: modelPages.show,
  };
  const galleries = new DatasetPages<KeptGallery>(
    {
      viewType: galleryType,
      keptSchema: keptGallerySchema,
      control: (panel, sources, kept) => new GalleryController(panel, sources, forDatasets, kept),
    },
    log,
  );
  const evaluations = new DatasetPages<KeptEvaluation>(
    {
      viewType: evaluationType,
      keptSchema: keptEvaluationSchema,
      control: (panel, sources, kept) =>
        new EvaluationController(panel, sources, forDatasets, kept),
    },
    log,
  );
  const caches = new CacheKeeper(folders, [worker, trainer], log);
  context.subscriptions.push(trainer, panels, galleries, comparisons, evaluations, caches);
  const notebookImages = vscode.Uri.joinPath(globalStorageUri, 'notebook-images');
  const own = {
    extensionUri,
    panels,
    galleries,
    comparisons,
    evaluations,
    trainer,
    models,
    caches,
    prepare: (modelId: string) => void prepareModel(modelId, services),
    notebookImages,
    log,
  };
  return {
    commands: commandHandlers(own),
    panels,
    galleries,
    comparisons,
    evaluations,
    explainImage: new ExplainImageCall(services),
    showModel: (panel, file) => modelPages.fill(panel, file),
    reviveProbeReport: (panel, kept) => reviveProbeReport(panel, kept, services),
  };
}
