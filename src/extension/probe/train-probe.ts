/** The command “Train a Linear Probe on This Folder”: dataset, backbone, name; then progress, then the report. */
import path from 'node:path';
import * as vscode from 'vscode';
import { labelledSamples } from '../../dataset/labelled-samples';
import { listSamples } from '../../dataset/list-samples';
import { Failure } from '../../shared/failure';
import { listener } from '../../shared/protocol/listener';
import { isProbe, isThere, probeFiles } from '../../store/probe-manifest';
import { filesGiven } from '../commands/given-files';
import { pickModel } from '../models/pick-model';
import type { ModelManager } from '../models/model-manager';
import { modelFolder } from '../settings';
import type { WorkerHost } from '../worker-host';
import { showProbeReport } from './probe-report';
import { ProgressInWords } from './progress-in-words';

export interface ProbeServices {
  readonly extensionUri: vscode.Uri;
  /** A process of its own: explaining goes on beside it. */
  readonly trainer: WorkerHost;
  readonly models: ModelManager;
}

const title = 'Train a Linear Probe';
/** Share of every class that is held out, where the dataset has no parts of its own. */
const validationShare = 0.2;
const seed = 0;
/** How many of the surest mistakes get a heatmap. */
const explained = 12;

/**
 * @param clicked a folder or a manifest; without it, a folder is asked for
 * @throws Failure `dataset-unusable`, `cancelled`, what resolving and opening the backbone throws
 */
export async function trainProbe(clicked: unknown, services: ProbeServices): Promise<void> {
  const source = filesGiven(clicked)[0] ?? (await pickFolder());
  if (source === undefined) return;
  const dataset = labelledSamples(await listSamples(source.fsPath));
  const backboneId = await pickBackbone(services.models);
  if (backboneId === undefined) return;
  const head = await askForPlace(source);
  if (head === undefined) return;
  await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title,
      cancellable: true,
    },
    async (progress, cancellation) => {
      const controller = new AbortController();
      cancellation.onCancellationRequested(() => controller.abort());
      const words = new ProgressInWords((message, increment) =>
        progress.report({ message, increment }),
      );
      const backbone = await services.models.resolve(backboneId, controller.signal, (phrase) =>
        words.stage(phrase),
      );
      const name = path.basename(head).replace(/\.probe\.safetensors$/, '');
      try {
        await services.trainer.call(
          'trainProbe',
          { ...dataset, backbone, name, head, seed, validationShare, explained },
          {
            signal: controller.signal,
            onEvent: listener({
              stage: ({ phrase }) => words.stage(phrase),
              progress: ({ done, total }) => words.count(done, total),
            }),
          },
        );
      } catch (error) {
        if (!controller.signal.aborted) throw error;
        throw new Failure(
          'cancelled',
          `The training was cancelled${words.counted}.`,
          'The features are kept: train on the same folder again, and it goes on from there.',
          { cause: error },
        );
      }
    },
  );
  services.models.descriptionChanged(`file:${head}`);
  await showProbeReport(vscode.Uri.file(head), services);
}

async function pickFolder(): Promise<vscode.Uri | undefined> {
  const picked = await vscode.window.showOpenDialog({
    title,
    openLabel: 'Train on This Folder',
    canSelectFolders: true,
    canSelectFiles: false,
  });
  return picked?.[0];
}

async function pickBackbone(models: ModelManager): Promise<string | undefined> {
  const backbones = (await models.listAll()).filter(({ id }) => !isProbe(id));
  return pickModel(models, backbones, {
    title: `${title}: Backbone`,
    placeHolder: 'The model whose features are classified; it needs no classes of its own',
    openLabel: 'Use This Backbone',
  });
}

/** Where the probe goes: the folder of one's own models, or else the workspace. */
async function askForPlace(source: vscode.Uri): Promise<string | undefined> {
  const folder =
    modelFolder() ??
    vscode.workspace.getWorkspaceFolder(source)?.uri.fsPath ??
    path.dirname(source.fsPath);
  const place = (name: string): string => probeFiles(path.join(folder, name)).head;
  const name = await vscode.window.showInputBox({
    title: `${title}: Name`,
    prompt: `It is written to ${folder} as NAME.probe.safetensors, with its manifest beside it.`,
    value: path.parse(source.fsPath).name,
    validateInput: (text) =>
      text.trim() === '' || /[\\/]/.test(text) ? 'A name without slashes.' : undefined,
  });
  if (name === undefined) return undefined;
  const head = place(name.trim());
  if (!(await isThere(head))) return head;
  const replace = 'Replace';
  const answer = await vscode.window.showWarningMessage(
    `There is a probe “${name.trim()}” in ${folder} already.`,
    { modal: true, detail: 'It stays as it is until the new one is complete.' },
    replace,
  );
  return answer === replace ? head : undefined;
}
