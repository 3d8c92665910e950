/** One gallery: joins its page, the work on its dataset and the panel beside. */
import path from 'node:path';
import * as vscode from 'vscode';
import { summarise } from '../../dataset/dataset-summary';
import { keepMeaning, keepReading, mappingFileOf } from '../../dataset/label-mapping';
import { failureData } from '../../shared/failure';
import type { FailureData } from '../../shared/failure-data';
import type { GalleryExport } from '../../shared/gallery-protocol';
import type { LabelReading } from '../../shared/label-reading';
import { commandIds } from '../commands/command-ids';
import { pageHtml } from '../page/page-html';
import type { Panels } from '../panel/panels';
import { openSettings } from '../settings';
import { chooseAnnotations } from './choose-annotations';
import { datasetTitle } from './dataset-title';
import { exportReport } from './export-report';
import { parseGalleryMessage, type GalleryChoices, type GalleryMessage } from './from-gallery';
import { GalleryMailbox } from './gallery-mailbox';
import { GalleryWork } from './gallery-work';
import type { DatasetServices } from './open-dataset';
import { WalkBeside } from './walk-beside';

export interface GalleryServices extends DatasetServices {
  readonly extensionUri: vscode.Uri;
  readonly panels: Panels;
  readonly log: vscode.LogOutputChannel;
}

export class GalleryController implements vscode.Disposable {
  private readonly mailbox: GalleryMailbox;
  private readonly beside: WalkBeside;
  private readonly disposables: vscode.Disposable[] = [];
  private choices: GalleryChoices;
  /** The newest; older ones are stopped. */
  private work: GalleryWork | undefined;

  constructor(
    readonly panel: vscode.WebviewPanel,
    private readonly sources: readonly vscode.Uri[],
    private readonly services: GalleryServices,
    choices: GalleryChoices,
  ) {
    this.choices = choices;
    const { extensionUri, thumbnailFolder, panels } = services;
    const { webview } = panel;
    this.mailbox = new GalleryMailbox((message) => void webview.postMessage(message));
    this.beside = new WalkBeside(panels, this.mailbox, sources, thumbnailFolder);
    panel.title = `${datasetTitle(sources)} – ViT`;
    panel.iconPath = vscode.Uri.joinPath(extensionUri, 'media', 'icon.svg');
    webview.options = {
      enableScripts: true,
      localResourceRoots: [vscode.Uri.joinPath(extensionUri, 'dist'), thumbnailFolder],
    };
    this.disposables.push(
      webview.onDidReceiveMessage((message: unknown) => this.receive(message)),
      panel.onDidChangeViewState(() => {
        if (!panel.visible) this.mailbox.hidden();
      }),
    );
    webview.html = pageHtml(webview, extensionUri, 'gallery');
    void this.begin(choices);
  }

  dispose(): void {
    this.work?.stop();
    this.beside.dispose();
    this.mailbox.dispose();
    for (const disposable of this.disposables) disposable.dispose();
  }

  /** From nothing to the last tile. What is known from earlier runs comes out of the cache. */
  private begin(choices: GalleryChoices): Promise<void> {
    this.choices = choices;
    this.work?.stop();
    this.beside.leave();
    const { webview } = this.panel;
    this.work = new GalleryWork(
      this.services,
      (file) => webview.asWebviewUri(vscode.Uri.file(file)).toString(),
      {
        onSettled: (settled) => {
          this.choices = { ...choices, ...settled };
        },
        onDataset: (dataset) => {
          this.mailbox.showDataset(dataset);
          this.beside.datasetChanged();
        },
        onOpened: (dataset) => this.beside.enter(dataset),
        onTile: (tile) => {
          this.mailbox.addTile(tile);
          this.beside.tileAdded();
        },
        onProgress: (progress) => {
          if (progress.kind === 'failed') this.log(progress.failure);
          this.mailbox.showProgress(progress);
        },
      },
    );
    return this.work.begin({ sources: this.sources, choices });
  }

  private receive(raw: unknown): void {
    const message = parseGalleryMessage(raw);
    if (message === undefined) {
      this.services.log.warn('The gallery sent a message that is not of its protocol.');
      return;
    }
    this.handle(message).catch((error: unknown) => {
      const failure = failureData(error);
      this.log(failure);
      void vscode.window.showErrorMessage(`${failure.message} ${failure.nextStep}`);
    });
  }

  private async handle(message: GalleryMessage): Promise<void> {
    switch (message.kind) {
      case 'ready':
        this.mailbox.ready();
        this.beside.choose(message.choice);
        return;
      case 'choose':
        this.beside.choose(message.choice);
        return;
      case 'pause':
        this.work?.pause();
        return;
      case 'resume':
        this.work?.resume();
        return;
      case 'cancel':
        this.work?.cancel();
        return;
      case 'retry':
        return this.begin(this.choices);
      case 'summarise':
        this.mailbox.answer({ kind: 'summary', summary: summarise(this.work?.results ?? []) });
        return;
      case 'open':
        this.beside.goTo(message.name, message.focus);
        return;
      case 'follow':
        this.beside.follow(message.name);
        return;
      case 'chooseMethod':
        return this.begin({ ...this.choices, method: message.method });
      case 'chooseModel':
        return this.begin({ ...this.choices, modelId: message.modelId });
      case 'usePhrases':
        return this.begin({ ...this.choices, phrases: message.phrases });
      case 'chooseAnnotations':
        return this.chooseAnnotations();
      case 'mapLabel':
        return this.mapLabel(message.label, message.index);
      case 'readLabels':
        return this.readLabels(message.reading);
      case 'export':
        return this.export(message.format);
      case 'openLog':
        this.services.log.show(true);
        return;
      case 'openSettings': {
        const { progress } = this.mailbox;
        return openSettings(progress?.kind === 'failed' ? progress.failure.message : '');
      }
      case 'manageModels':
        await vscode.commands.executeCommand(commandIds.manageModels);
    }
  }

  private async chooseAnnotations(): Promise<void> {
    const [first] = this.sources;
    const chosen = await chooseAnnotations(this.choices.annotations, first);
    const { annotations, ...others } = this.choices;
    if (chosen === undefined || (chosen === 'beside' && annotations === undefined)) return;
    await this.begin(chosen === 'beside' ? others : { ...others, annotations: chosen.fsPath });
  }

  /** Kept beside the dataset; the results are the same, but what they are held against is not. */
  private async mapLabel(label: string, index: number | undefined): Promise<void> {
    const dataset = this.work?.dataset;
    if (dataset === undefined) return;
    await keepMeaning(mappingFileOf(dataset.list.root), label, index, dataset.classNames);
    await this.begin(this.choices);
  }

  /** Kept beside the dataset too. */
  private async readLabels(reading: LabelReading): Promise<void> {
    const dataset = this.work?.dataset;
    if (dataset === undefined) return;
    await keepReading(mappingFileOf(dataset.list.root), reading);
    await this.begin(this.choices);
  }

  private async export(format: GalleryExport): Promise<void> {
    const work = this.work;
    if (work?.dataset === undefined) return;
    const { list, batch, thumbnailOf } = work.dataset;
    const folder = vscode.Uri.file(path.dirname(list.root));
    await exportReport(format, folder, batch.header, work.results, thumbnailOf);
  }

  private log({ message, detail }: FailureData): void {
    this.services.log.error(message, detail ?? '');
  }
}
