/** What every command does; one without a handler is a compile error. */
import * as vscode from 'vscode';
import { explainNotebookImage } from '../code/notebook-images';
import type { Comparisons } from '../compare/comparisons';
import { picturesToCompare } from '../compare/pictures-to-compare';
import { datasetFor } from '../dataset-picker';
import type { OpenDataset } from '../gallery/dataset-pages';
import { picturesInDiff } from '../diffed-pictures';
import { meantPicture, picturesFor } from '../image-picker';
import type { CacheKeeper } from '../models/cache-keeper';
import { manageModels } from '../models/manage-models';
import type { ModelManager } from '../models/model-manager';
import type { Panels } from '../panel/panels';
import { showProbeReport } from '../probe/probe-report';
import { trainProbe } from '../probe/train-probe';
import type { WorkerHost } from '../worker-host';
import { chooseModel } from './choose-model';
import { modelEditorType, type AnyCommandName } from './command-ids';
import { filesGiven } from './given-files';
import { explainSample } from './explain-sample';
import { modelIdOf } from '../../store/model-id';

export interface CommandServices {
  readonly extensionUri: vscode.Uri;
  readonly panels: Panels;
  readonly galleries: OpenDataset;
  readonly comparisons: Comparisons;
  readonly evaluations: OpenDataset;
  /** The process that probes are trained in. */
  readonly trainer: WorkerHost;
  readonly models: ModelManager;
  readonly caches: CacheKeeper;
  /** Opens a model that a picture will be asked about next. */
  readonly prepare: (modelId: string) => void;
  /** A folder for pictures that notebooks put out. */
  readonly notebookImages: vscode.Uri;
  readonly log: vscode.LogOutputChannel;
}

export type CommandHandler = (clicked: unknown, selected: unknown) => Promise<void> | void;
export type CommandHandlers = Readonly<Record<AnyCommandName, CommandHandler>>;

export function commandHandlers(services: CommandServices): CommandHandlers {
  const { panels, galleries, comparisons, evaluations, models, log } = services;
  return {
    explainImage: async (clicked, selected) => {
      const versions = await picturesInDiff(clicked, selected);
      if (versions !== undefined && versions.length > 1) {
        comparisons.open({ pictures: versions });
        return;
      }
      const pictures = versions ?? (await picturesFor(clicked, selected));
      for (const picture of pictures) panels.open(picture, {}, { isKept: pictures.length > 1 });
    },
    compareMaps: async () => {
      if (panels.active !== undefined) {
        panels.active.compare();
        return;
      }
      const picture = await meantPicture();
      if (picture !== undefined) comparisons.open({ pictures: [picture] });
    },
    comparePictures: async (clicked, selected) => {
      const pictures = await picturesToCompare(clicked, selected);
      if (pictures.length > 0) comparisons.open({ pictures });
    },
    explainSample: () => explainSample(services.extensionUri, panels),
    explainFolder: async (clicked, selected) => {
      const sources = await datasetFor(clicked, selected, 'Explain Folder with ViT');
      if (sources.length > 0) galleries.open(sources);
    },
    compareMethods: async (clicked, selected) => {
      const sources = await datasetFor(clicked, selected, 'Compare Methods on This Folder');
      if (sources.length > 0) evaluations.open(sources);
    },
    nextSample: () => panels.step(1),
    previousSample: () => panels.step(-1),
    keepPanel: () => panels.active?.keep(),
    explainNotebookImage: (clicked) =>
      explainNotebookImage(clicked, panels, services.notebookImages),
    explainWithModel: async (clicked) => {
      const [model] = filesGiven(clicked);
      if (model === undefined) return;
      const modelId = await modelIdOf(model.fsPath, models.folders);
      if (panels.active !== undefined) return panels.active.useModel(modelId);
      services.prepare(modelId);
      const picture = await meantPicture();
      if (picture !== undefined) panels.open(picture, { modelId });
    },
    showModel: async (clicked) => {
      const [model] = filesGiven(clicked);
      if (model !== undefined)
        await vscode.commands.executeCommand('vscode.openWith', model, modelEditorType);
    },
    explainWithProbe: (picture, head) => {
      if (typeof picture === 'string' && typeof head === 'string')
        panels.open(vscode.Uri.file(picture), { modelId: `file:${head}` });
    },
    trainProbe: (clicked) => trainProbe(clicked, services),
    showProbeReport: async (clicked) => {
      const [head] = filesGiven(clicked);
      if (head !== undefined) await showProbeReport(head, services);
    },
    chooseModel: () => chooseModel(models, panels, services.prepare),
    manageModels: () => manageModels(models),
    clearCaches: () => services.caches.clear(),
    cancel: () => panels.active?.cancel(),
    openLog: () => log.show(),
  };
}
