/** Ties every command id to what it does; a command without a handler is a compile error. */
import * as vscode from 'vscode';
import { failureData } from '../../shared/failure';
import { explainNotebookImage } from '../code/notebook-images';
import { pickPicture, picturesFor } from '../image-picker';
import { manageModels } from '../models/manage-models';
import type { ModelManager } from '../models/model-manager';
import type { Galleries } from '../gallery/galleries';
import type { Panels } from '../panel/panels';
import { showProbeReport } from '../probe/probe-report';
import { trainProbe } from '../probe/train-probe';
import type { WorkerHost } from '../worker-host';
import { commandIds, explainWithProbe, type CommandName } from './command-ids';
import { chooseModel } from './choose-model';
import { explainSample } from './explain-sample';

export interface CommandServices {
  readonly extensionUri: vscode.Uri;
  readonly panels: Panels;
  readonly galleries: Galleries;
  /** The process that probes are trained in. */
  readonly trainer: WorkerHost;
  readonly models: ModelManager;
  /** A folder for pictures that notebooks put out. */
  readonly notebookImages: vscode.Uri;
  readonly log: vscode.LogOutputChannel;
}

type Handler = (clicked: unknown, selected: unknown) => Promise<void> | void;

export function registerCommands(services: CommandServices): vscode.Disposable {
  const { panels, galleries, models, log } = services;
  const handlers: Record<CommandName, Handler> = {
    explainImage: async (clicked, selected) => {
      for (const picture of await picturesFor(clicked, selected)) panels.open(picture);
    },
    explainSample: () => explainSample(services.extensionUri, panels),
    explainFolder: (clicked, selected) => galleries.openFor(clicked, selected),
    nextSample: () => panels.step(1),
    previousSample: () => panels.step(-1),
    explainNotebookImage: (clicked) =>
      explainNotebookImage(clicked, panels, services.notebookImages),
    explainWithModel: async (clicked) => {
      if (!(clicked instanceof vscode.Uri)) return;
      const modelId = `file:${clicked.fsPath}`;
      if (panels.active !== undefined) return panels.active.useModel(modelId);
      const picture = await pickPicture();
      if (picture !== undefined) panels.open(picture, { modelId });
    },
    trainProbe: (clicked) => trainProbe(clicked, services),
    showProbeReport: async (clicked) => {
      if (clicked instanceof vscode.Uri) await showProbeReport(clicked, services);
    },
    chooseModel: () => chooseModel(models, panels),
    manageModels: () => manageModels(models),
    cancel: () => panels.active?.cancel(),
    openLog: () => log.show(),
  };
  const registered = Object.entries(handlers).map(([name, handler]) =>
    vscode.commands.registerCommand(
      commandIds[name as CommandName],
      async (clicked: unknown, selected: unknown) => {
        try {
          await handler(clicked, selected);
        } catch (error) {
          const failure = failureData(error);
          log.error(failure.message, failure.detail ?? '');
          const openLog = 'Open Log';
          const answer = await vscode.window.showErrorMessage(
            `${failure.message} ${failure.nextStep}`,
            openLog,
          );
          if (answer === openLog) log.show();
        }
      },
    ),
  );
  const fromReport = vscode.commands.registerCommand(
    explainWithProbe,
    (picture: unknown, head: unknown) => {
      if (typeof picture === 'string' && typeof head === 'string') {
        panels.open(vscode.Uri.file(picture), { modelId: `file:${head}` });
      }
    },
  );
  return vscode.Disposable.from(...registered, fromReport);
}
