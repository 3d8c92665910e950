/** One panel: joins its page, the picture that it shows, what is asked about that, and the walk it is part of. */
import * as vscode from 'vscode';
import { classKey } from '../../shared/compare/compared-class';
import type { FailureData } from '../../shared/failure-data';
import type { Looks } from '../../shared/panel/looks';
import { emptyPanel, type PanelChoices } from '../../shared/panel/panel-model';
import { fromPanelSchema, type FromPanel } from '../../shared/protocol/panel';
import type { Handlers } from '../../shared/protocol/messages';
import { browseForModel } from '../models/browse-model';
import type { ModelManager } from '../models/model-manager';
import type { ShowModel } from '../model-page/model-pages';
import type { ComparisonStart } from '../compare/comparison-start';
import { editorHandlers } from '../page/editor-handlers';
import { whenLookedAt } from '../page/looked-at';
import { Page } from '../page/page';
import { pageIcon } from '../page/page-html';
import { saveResult } from '../save-result';
import { settingsConcern } from '../settings';
import type { WorkerHost } from '../worker-host';
import { firstPicture } from './first-picture';
import { PanelChannel } from './panel-channel';
import { PanelFilmstrip } from './panel-filmstrip';
import { PanelFolder } from './panel-folder';
import { PictureExplanation } from './picture-explanation';
import { revealPicture } from './reveal-picture';
import type { SampleWalk } from './sample-walk';
import { ShownPicture } from './shown-picture';

export interface PanelServices {
  readonly extensionUri: vscode.Uri;
  readonly worker: WorkerHost;
  readonly models: ModelManager;
  /** What the person chose for all panels. */
  readonly memento: vscode.Memento;
  /** Opens a comparison. */
  readonly compare: (start: ComparisonStart) => void;
  readonly showModel: ShowModel;
  /** The person keeps this panel, or lets the next picture take its place. */
  readonly keep: (kept: boolean) => void;
  /** The panel is at another picture. */
  readonly moved: () => void;
  readonly log: vscode.LogOutputChannel;
}

/** A key that is held goes through pictures faster than they are explained: they are only shown. */
const restMilliseconds = 180;

/** What a panel may be opened with instead of the defaults of the settings. */
export interface PanelStart extends Partial<PanelChoices> {
  /** After a reload: the gallery that it belonged to. */
  readonly gallery?: string;
  readonly isPreview?: boolean;
}

export class PanelController implements vscode.Disposable {
  private readonly channel: PanelChannel;
  private readonly shownPicture: ShownPicture;
  private readonly explanation: PictureExplanation;
  private readonly filmstrip: PanelFilmstrip;
  private readonly folder: PanelFolder;
  private readonly page: Page<FromPanel>;
  private readonly subscriptions: vscode.Disposable;
  private shownAt = 0;
  private rest: NodeJS.Timeout | undefined;

  constructor(
    readonly panel: vscode.WebviewPanel,
    picture: vscode.Uri,
    private readonly services: PanelServices,
    start: PanelStart,
    walk?: SampleWalk,
  ) {
    const { webview } = panel;
    const { worker, models, memento } = services;
    const log = (failure: FailureData): void => this.log(failure);
    this.channel = new PanelChannel(
      { ...emptyPanel, ...start },
      (change) => void webview.postMessage(change),
    );
    this.shownPicture = new ShownPicture(picture, webview, worker, () => this.pictureChanged());
    this.explanation = new PictureExplanation(
      this.shownPicture,
      this.channel,
      { worker, models },
      log,
    );
    this.filmstrip = new PanelFilmstrip(memento, this.channel);
    this.folder = new PanelFolder(this.channel, (other) => this.show(other, {}));
    this.page = new Page(panel, services, {
      name: 'panel',
      folders: this.foldersWith(walk),
      schema: fromPanelSchema,
      first: () => firstPicture(this.shownPicture),
      handlers: this.handlers,
      listener: this.channel,
      log,
    });
    this.subscriptions = vscode.Disposable.from(
      vscode.workspace.onDidChangeConfiguration((change) => this.settingsChanged(change)),
      whenLookedAt(panel, () => this.look()),
    );
    this.filmstrip.walkThrough(walk);
    this.start();
  }

  get picture(): vscode.Uri {
    return this.shownPicture.uri;
  }

  get busy(): boolean {
    return this.explanation.busy;
  }

  /** Whether the next picture that is opened takes its place. */
  get isPreview(): boolean {
    return this.channel.state.isPreview === true;
  }

  get onDidChangeBusy(): vscode.Event<void> {
    return this.explanation.onDidChangeBusy;
  }

  /** Says in tab and page whether the next picture takes its place. */
  setPreview(isPreview: boolean): void {
    this.channel.learn({ kind: 'previewed', isPreview });
    this.panel.iconPath = pageIcon(this.services.extensionUri, isPreview);
  }

  /** Stays open from now on. */
  keep(): void {
    this.services.keep(true);
  }

  /** Where the file is another one by now, it is shown and explained anew. */
  look(): void {
    void this.shownPicture.look();
  }

  /** Takes the samples to walk through; without them the panel shows its one picture. */
  walkThrough(walk: SampleWalk | undefined): void {
    this.page.allow(this.foldersWith(walk));
    this.filmstrip.walkThrough(walk);
    this.enterFolder();
  }

  /** Goes so many pictures on: samples of the gallery, or pictures of the folder. */
  step(by: 1 | -1): void {
    if (this.filmstrip.walk !== undefined) this.filmstrip.walk.step(by);
    else this.folder.step(this.picture, by);
  }

  /** Tells the panel which samples there are, and where among them it is. */
  showFilmstrip(): void {
    this.filmstrip.tell();
  }

  /** Shows another picture in place of this one, with what was chosen here. */
  show(picture: vscode.Uri, choices: Partial<PanelChoices>): void {
    const isOther = this.shownPicture.replace(picture);
    const loadsAnew = this.page.allow(this.foldersWith(this.filmstrip.walk));
    if (isOther && (loadsAnew || !this.panel.visible)) void this.page.load();
    this.explanation.leave(choices, isOther);
    this.filmstrip.moved();
    if (this.filmstrip.walk === undefined) this.folder.tell(picture);
    if (isOther) this.services.moved();
    const rested = Date.now() - this.shownAt > restMilliseconds;
    this.shownAt = Date.now();
    clearTimeout(this.rest);
    if (rested) {
      this.start();
    } else {
      void this.explanation.showPicture();
      this.rest = setTimeout(() => this.start(), restMilliseconds);
    }
  }

  /** Its file was renamed or moved: what is known of it goes along. */
  move(picture: vscode.Uri): void {
    this.shownPicture.move(picture);
    this.page.allow(this.foldersWith(this.filmstrip.walk));
    void this.explanation.begin();
    this.enterFolder();
  }

  /** @param name of the picture, told apart from those of other panels */
  setTitle(name: string): void {
    this.panel.title = `${name} – ViT`;
  }

  /** Explains the picture with another model. */
  async useModel(modelId: string): Promise<void> {
    this.channel.intend({ kind: 'chooseModel', modelId });
    this.look();
    await this.explanation.begin();
  }

  /** A model came, went, or is prepared differently. */
  modelChanged(modelId: string): void {
    void this.explanation.modelChanged(modelId);
  }

  /** Stops the request under way; the panel says so at once. */
  cancel(): void {
    this.explanation.cancel();
  }

  /**
   * Shows all methods' maps of a class beside each other.
   * @param index of the class; the most probable one where it is left out
   * @param looks how the panel draws them
   */
  compare(index?: number, looks?: Looks): void {
    const { modelId, method, phrases, change } = this.channel.state;
    this.services.compare({
      pictures: [this.picture],
      ...(modelId !== undefined && { model: modelId }),
      ...(method !== undefined && { method }),
      ...(looks !== undefined && { looks }),
      ...(index !== undefined && { class: classKey({ kind: 'named', index }) }),
      phrases,
      ...(change && { change }),
    });
  }

  dispose(): void {
    this.page.dispose();
    this.subscriptions.dispose();
    clearTimeout(this.rest);
    this.explanation.dispose();
    this.shownPicture.dispose();
  }

  /** What is to be done where the person wishes something; what that changes at once is known already. */
  private get handlers(): Handlers<FromPanel, Promise<void> | void> {
    const { channel, explanation, filmstrip, folder, services, shownPicture } = this;
    const { models } = services;
    return {
      ready: () => undefined,
      chooseMethod: () => explanation.methodChosen(),
      chooseModel: async ({ modelId }) => {
        await models.chosen.choose(modelId);
        await explanation.begin();
      },
      browseModel: async () => {
        const modelId = await browseForModel(
          models.folders,
          'Explain with Another Model',
          'Use This Model',
        );
        if (modelId === undefined) return;
        await models.chosen.choose(modelId);
        await this.useModel(modelId);
      },
      useForAll: async () => {
        const { modelId } = channel.state;
        if (modelId !== undefined) await models.chosen.makeSetting(modelId, this.picture);
      },
      chooseClass: () => undefined,
      explainClass: () => explanation.askForMaps(),
      contrast: () => explanation.askForMaps(),
      usePhrases: () => explanation.beginWithAnotherModel(),
      useAmong: () => explanation.askForMaps(),
      useWindow: () => explanation.beginWithAnotherModel(),
      changePicture: () => explanation.beginWithAnotherModel(),
      keepWindow: ({ window }) => explanation.keepWindow(window),
      measureStability: () => explanation.measure({ targets: { topK: 1 }, stability: true }),
      measureFaithfulness: ({ index, against }) =>
        explanation.measureFaithfulness({ index, ...(against !== undefined && { against }) }),
      compare: ({ classIndex, looks }) => this.compare(classIndex, looks),
      cancel: () => explanation.cancel(),
      retry: () => {
        shownPicture.readAnew();
        return explanation.begin();
      },
      step: ({ by }) => this.step(by),
      walk: ({ place, name }) => {
        if (filmstrip.walk !== undefined) filmstrip.walk.goTo(place, name);
        else folder.goTo(this.picture, place);
      },
      lookAtFrames: ({ range }) => filmstrip.lookAt(range),
      keep: ({ kept }) => this.services.keep(kept),
      showFilmstrip: ({ shown }) => filmstrip.setShown(shown),
      showModel: async () => {
        const { modelFile } = explanation;
        const { name, uri } = shownPicture;
        if (modelFile !== undefined)
          await services.showModel(modelFile, { kind: 'picture', name, uris: [uri.toString()] });
      },
      save: (what) => saveResult(this.picture, what, explanation.result),
      reveal: () => revealPicture(this.picture),
      notify: ({ message }) => void vscode.window.showInformationMessage(message),
      ...editorHandlers(this.services.log, () => {
        const { activity } = channel.state;
        return activity.kind === 'failed' ? activity.failure : undefined;
      }),
    };
  }

  private start(): void {
    this.shownPicture.follow();
    void this.explanation.begin();
    this.enterFolder();
  }

  /** Without a gallery, the pictures beside this one are those to walk through. */
  private enterFolder(): void {
    const { picture, filmstrip, folder } = this;
    if (filmstrip.walk !== undefined) folder.leave();
    else void folder.enter(picture, () => this.picture === picture);
  }

  /** That of the workspace in which the picture lies, or its own one; and those of the samples. */
  private foldersWith(walk: SampleWalk | undefined): readonly vscode.Uri[] {
    const { picture } = this;
    const { uri = vscode.Uri.joinPath(picture, '..') } =
      vscode.workspace.getWorkspaceFolder(picture) ?? {};
    // Of other file systems the page is sent the bytes.
    return [...(picture.scheme === 'file' ? [uri] : []), ...(walk?.roots ?? [])];
  }

  private pictureChanged(): void {
    this.channel.learn({ kind: 'outdated' });
    void this.explanation.begin();
  }

  private settingsChanged(change: vscode.ConfigurationChangeEvent): void {
    const { activity, modelId } = this.channel.state;
    if (modelId !== undefined && change.affectsConfiguration('vitExplainer.model', this.picture)) {
      const modelIsSetting = this.services.models.chosen.isSetting(modelId, this.picture);
      this.channel.learn({ kind: 'modelNamed', modelIsSetting });
    }
    const wasInvalid = activity.kind === 'failed' && activity.failure.code === 'setting-invalid';
    const concerned = settingsConcern(change, this.picture);
    if (concerned === 'maps') this.channel.learn({ kind: 'outdated' });
    if (concerned !== 'nothing' || wasInvalid) void this.explanation.begin();
  }

  private log({ message, detail }: FailureData): void {
    this.services.log.error(`${this.picture.toString()}: ${message}`, detail ?? '');
  }
}
