/** One panel: joins its page, the picture that it shows, what is asked about that, and the walk it is part of. */
import * as vscode from 'vscode';
import { failureData } from '../../shared/failure';
import type { FailureData } from '../../shared/failure-data';
import { commandIds } from '../commands/command-ids';
import type { ModelManager } from '../models/model-manager';
import { pageHtml } from '../page/page-html';
import { saveResult } from '../save-result';
import { settingsConcern } from '../settings';
import { openSettings } from '../settings/read-setting';
import type { WorkerHost } from '../worker-host';
import { parsePanelMessage, type PanelMessage } from './from-panel';
import type { PanelChoices } from './panel-choices';
import { PanelFilmstrip } from './panel-filmstrip';
import { allowFolders, panelRoots } from './panel-folders';
import { PanelMailbox } from './panel-mailbox';
import { PictureExplanation } from './picture-explanation';
import type { SampleWalk } from './sample-walk';
import { ShownPicture } from './shown-picture';

export interface PanelServices {
  readonly extensionUri: vscode.Uri;
  readonly worker: WorkerHost;
  readonly models: ModelManager;
  /** What the person chose for all panels. */
  readonly memento: vscode.Memento;
  readonly log: vscode.LogOutputChannel;
}

/** A key that is held goes through samples faster than they are explained. */
const restMilliseconds = 180;

export class PanelController implements vscode.Disposable {
  private readonly mailbox: PanelMailbox;
  private readonly shownPicture: ShownPicture;
  private readonly explanation: PictureExplanation;
  private readonly filmstrip: PanelFilmstrip;
  private readonly disposables: readonly vscode.Disposable[];
  private shownAt = 0;
  private rest: NodeJS.Timeout | undefined;

  constructor(
    readonly panel: vscode.WebviewPanel,
    picture: vscode.Uri,
    private readonly services: PanelServices,
    choices: PanelChoices,
    walk?: SampleWalk,
  ) {
    const { webview } = panel;
    const { extensionUri, worker, models, memento } = services;
    this.mailbox = new PanelMailbox((message) => void webview.postMessage(message));
    this.shownPicture = new ShownPicture(picture, webview, worker, () => this.pictureChanged());
    this.explanation = new PictureExplanation(
      this.shownPicture,
      choices,
      { worker, models },
      this.mailbox,
      (failure) => this.log(failure),
    );
    this.filmstrip = new PanelFilmstrip(memento, this.mailbox);
    this.setTitle();
    panel.iconPath = vscode.Uri.joinPath(extensionUri, 'media', 'icon.svg');
    this.walkThrough(walk);
    this.disposables = [
      webview.onDidReceiveMessage((message: unknown) => this.receive(message)),
      panel.onDidChangeViewState(() => {
        if (!panel.visible) this.mailbox.hidden();
      }),
      vscode.workspace.onDidChangeConfiguration((change) => this.settingsChanged(change)),
    ];
    webview.html = pageHtml(webview, extensionUri, 'panel');
    this.start();
  }

  get picture(): vscode.Uri {
    return this.shownPicture.uri;
  }

  get busy(): boolean {
    return this.explanation.busy;
  }

  get onDidChangeBusy(): vscode.Event<void> {
    return this.explanation.onDidChangeBusy;
  }

  /** Takes the samples to walk through; without them the panel shows its one picture. */
  walkThrough(walk: SampleWalk | undefined): void {
    const roots = panelRoots(this.services.extensionUri, this.picture);
    allowFolders(this.panel.webview, [...roots, ...(walk?.roots ?? [])]);
    this.filmstrip.walkThrough(walk);
  }

  /** Tells the panel which samples there are, and where among them it is. */
  showFilmstrip(): void {
    this.filmstrip.tell();
  }

  /** Shows another picture in place of this one, with what was chosen here. */
  show(picture: vscode.Uri, choices: PanelChoices): void {
    const isOther = this.shownPicture.replace(picture);
    this.explanation.leave(choices, isOther);
    this.filmstrip.moved();
    if (isOther) this.setTitle();
    const rested = Date.now() - this.shownAt > restMilliseconds;
    this.shownAt = Date.now();
    clearTimeout(this.rest);
    if (rested) this.start();
    else this.rest = setTimeout(() => this.start(), restMilliseconds);
  }

  /** Explains the picture with another model. */
  async useModel(modelId: string): Promise<void> {
    await this.explanation.chooseModel(modelId);
  }

  /** A model came, went, or is prepared differently. */
  modelChanged(modelId: string): void {
    this.explanation.modelChanged(modelId);
  }

  /** Stops the request under way; the panel says so at once. */
  cancel(): void {
    this.explanation.cancel();
  }

  dispose(): void {
    this.mailbox.hidden();
    clearTimeout(this.rest);
    this.explanation.dispose();
    this.shownPicture.dispose();
    for (const disposable of this.disposables) disposable.dispose();
  }

  private start(): void {
    this.shownPicture.follow();
    void this.explanation.begin();
  }

  private setTitle(): void {
    this.panel.title = `${this.shownPicture.name} – ViT`;
  }

  private receive(raw: unknown): void {
    const message = parsePanelMessage(raw);
    if (message === undefined) {
      this.services.log.warn('The panel sent a message that is not of its protocol.');
      return;
    }
    this.handle(message).catch((error: unknown) => {
      const failure = failureData(error);
      this.log(failure);
      void vscode.window.showErrorMessage(`${failure.message} ${failure.nextStep}`);
    });
  }

  private async handle(message: PanelMessage): Promise<void> {
    switch (message.kind) {
      case 'ready':
        this.mailbox.ready();
        return;
      case 'chooseMethod':
        return this.explanation.chooseMethod(message.method);
      case 'chooseModel':
        return this.explanation.chooseModel(message.modelId);
      case 'explainClass':
        return this.explanation.explainClass(message.index);
      case 'usePhrases':
        return this.explanation.usePhrases(message.phrases);
      case 'useWindow':
        return this.explanation.useWindow(message.window);
      case 'keepWindow':
        return this.explanation.keepWindow(message.window);
      case 'measureStability':
        return this.explanation.measureStability();
      case 'retry':
        return this.explanation.begin();
      case 'cancel':
        this.explanation.cancel();
        return;
      case 'step':
        this.filmstrip.step(message.by);
        return;
      case 'walk':
        this.filmstrip.goTo(message.place, message.name);
        return;
      case 'lookAtFrames':
        this.filmstrip.lookAt(message.range);
        return;
      case 'showFilmstrip':
        return this.filmstrip.setShown(message.shown);
      case 'openLog':
        this.services.log.show(true);
        return;
      case 'openSettings': {
        const { status } = this.mailbox;
        return openSettings(status?.kind === 'failed' ? status.failure.message : '');
      }
      case 'manageModels':
        return vscode.commands.executeCommand(commandIds.manageModels);
      case 'changeAssumptions':
        return this.explanation.changeAssumptions();
      case 'save':
        return saveResult(this.picture, message, this.explanation.result);
      case 'notify':
        void vscode.window.showInformationMessage(message.message);
    }
  }

  private pictureChanged(): void {
    this.explanation.forget();
    void this.explanation.begin();
  }

  private settingsChanged(change: vscode.ConfigurationChangeEvent): void {
    const { status } = this.mailbox;
    const wasInvalid = status?.kind === 'failed' && status.failure.code === 'setting-invalid';
    const concerned = settingsConcern(change, this.picture);
    if (concerned === 'maps') this.explanation.forget();
    if (concerned !== 'nothing' || wasInvalid) void this.explanation.begin();
  }

  private log({ message, detail }: FailureData): void {
    this.services.log.error(`${this.picture.toString()}: ${message}`, detail ?? '');
  }
}
