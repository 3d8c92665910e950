/** One panel: one picture at a time, what is asked about it, and what is told about it. */
import * as vscode from 'vscode';
import type { Targets } from '../../shared/explanation';
import type { FrameRange } from '../../shared/filmstrip';
import { Failure, failureData } from '../../shared/failure';
import type { ModelDescription } from '../../shared/model';
import { tidyPhrases, withPhrases } from '../../shared/phrases';
import type { ExplainResult } from '../../shared/worker-protocol';
import { commandIds } from '../commands/command-ids';
import type { ModelManager } from '../models/model-manager';
import { saveResult } from '../save-result';
import { defaultModelId, explainSettings, openSettings, settingsConcern } from '../settings';
import type { WorkerHost } from '../worker-host';
import { ExplanationMemory } from './explanation-memory';
import { parsePanelMessage, type PanelMessage, type RevivedState } from './from-panel';
import { NewestRequest, type Request } from './newest-request';
import { panelHtml, panelRoots } from './panel-html';
import { PanelMailbox } from './panel-mailbox';
import { explainedMessage, withModel } from './panel-words';
import { pictureName, pictureSource, readPicture } from './picture';
import type { SampleWalk } from './sample-walk';
import { watchPicture } from './watch-picture';

export interface PanelServices {
  readonly extensionUri: vscode.Uri;
  readonly worker: WorkerHost;
  readonly models: ModelManager;
  /** What the person chose for all panels. */
  readonly memento: vscode.Memento;
  readonly log: vscode.LogOutputChannel;
}

/** What a panel may be opened with instead of the defaults of the settings. */
export type PanelChoices = Partial<
  Pick<RevivedState, 'modelId' | 'method' | 'extraClasses' | 'phrases'>
>;

const filmstripHidden = 'filmstripHidden';
/** A key that is held goes through samples faster than they are explained. */
const restMilliseconds = 180;
let panelsMade = 0;

/** Work with a model that is open, by a method. */
type Work = (request: Request, model: ModelDescription, method: string) => Promise<void>;

export class PanelController implements vscode.Disposable {
  readonly #mailbox: PanelMailbox;
  readonly #memory = new ExplanationMemory();
  readonly #disposables: vscode.Disposable[] = [];
  readonly #busyChange = new vscode.EventEmitter<void>();
  readonly onDidChangeBusy = this.#busyChange.event;
  readonly #requests = new NewestRequest(() => this.#busyChange.fire());
  /** For the worker: a newer call of this panel replaces its older ones, whatever the picture. */
  readonly #owner = `panel ${(panelsMade += 1)}`;
  #picture: vscode.Uri;
  #watcher: vscode.Disposable | undefined;
  #walk: SampleWalk | undefined;
  /** Samples of the filmstrip that are in sight. */
  #inSight: FrameRange | undefined;
  #shownAt = 0;
  #rest: NodeJS.Timeout | undefined;
  #choices: PanelChoices;
  #model: ModelDescription | undefined;
  /** Differs for every version of the file that was seen. */
  #version = Date.now();

  constructor(
    readonly panel: vscode.WebviewPanel,
    picture: vscode.Uri,
    private readonly services: PanelServices,
    choices: PanelChoices,
    walk?: SampleWalk,
  ) {
    this.#picture = picture;
    this.#choices = choices;
    this.#mailbox = new PanelMailbox((message) => void panel.webview.postMessage(message));
    panel.title = `${pictureName(picture)} – ViT`;
    panel.iconPath = vscode.Uri.joinPath(services.extensionUri, 'media', 'icon.svg');
    this.walkThrough(walk);
    this.#disposables.push(
      new vscode.Disposable(() => this.#busyChange.dispose()),
      panel.webview.onDidReceiveMessage((message: unknown) => this.#receive(message)),
      panel.onDidChangeViewState(() => {
        if (!panel.visible) this.#mailbox.hidden();
      }),
      vscode.workspace.onDidChangeConfiguration((change) => this.#settingsChanged(change)),
    );
    panel.webview.html = panelHtml(panel.webview, services.extensionUri);
    this.#start();
  }

  get picture(): vscode.Uri {
    return this.#picture;
  }

  /** Takes the samples to walk through; without them the panel shows its one picture. */
  walkThrough(walk: SampleWalk | undefined): void {
    this.#walk = walk;
    this.#inSight = undefined;
    const { extensionUri } = this.services;
    const roots = [...panelRoots(extensionUri, this.#picture), ...(walk?.roots ?? [])];
    const { webview } = this.panel;
    const known = new Set(webview.options.localResourceRoots?.map(String));
    // Other roots load the page anew; fewer are no reason to.
    if (!roots.every((root) => known.has(root.toString()))) {
      webview.options = { enableScripts: true, localResourceRoots: roots };
    }
    this.showFilmstrip();
  }

  /** Tells the panel which samples there are, and where among them it is. */
  showFilmstrip(): void {
    const shown = this.services.memento.get(filmstripHidden) !== true;
    const filmstrip = this.#walk && { ...this.#walk.filmstrip(this.#inSight), shown };
    this.#mailbox.post({ kind: 'filmstrip', filmstrip });
  }

  /** Shows another picture in place of this one, with what was chosen here. */
  show(picture: vscode.Uri, choices: PanelChoices): void {
    this.#requests.end(this.#requests.begin()); // what is under way is not wanted any more
    this.#choices = { ...this.#choices, extraClasses: [], ...choices };
    this.#inSight = undefined;
    if (picture.toString() !== this.#picture.toString()) {
      this.#picture = picture;
      this.#memory.clear();
      this.#watcher?.dispose();
      this.#watcher = undefined;
      this.panel.title = `${pictureName(picture)} – ViT`;
    }
    const rested = Date.now() - this.#shownAt > restMilliseconds;
    this.#shownAt = Date.now();
    clearTimeout(this.#rest);
    if (rested) this.#start();
    else this.#rest = setTimeout(() => this.#start(), restMilliseconds);
  }

  #start(): void {
    this.#watcher ??= watchPicture(this.#picture, () => this.#pictureChanged());
    void this.#begin();
  }

  get busy(): boolean {
    return this.#requests.running;
  }

  /** Stops the request under way; the panel says so at once. */
  cancel(): void {
    if (this.#requests.cancel()) this.#mailbox.post({ kind: 'cancelled' });
  }

  /** Explains the picture with another model. */
  async useModel(modelId: string): Promise<void> {
    this.#choices = { ...this.#choices, modelId, extraClasses: [] };
    await this.#begin();
  }

  /** A model came, went, or is prepared differently: what it said about the picture no longer holds. */
  modelChanged(modelId: string): void {
    this.#memory.forget(modelId);
    if (this.#choices.modelId === modelId && !this.busy) void this.#begin();
  }

  dispose(): void {
    this.#mailbox.hidden();
    clearTimeout(this.#rest);
    this.#requests.cancel();
    this.#watcher?.dispose();
    for (const disposable of this.#disposables) disposable.dispose();
  }

  /** From nothing to the evidence: picture, choices, model, maps. */
  async #begin(): Promise<void> {
    await this.#inRequest('Opening the picture', async (request) => {
      const { worker, models } = this.services;
      const { signal } = request;
      const settings = explainSettings(this.picture);
      const modelId = this.#choices.modelId ?? defaultModelId(this.picture);
      const method = this.#choices.method ?? settings.method;
      this.#choices = { ...this.#choices, modelId, method };
      const { shown } = this.#mailbox;
      const known = shown?.modelId === modelId ? shown : undefined;
      const asked = known?.phrases && tidyPhrases(this.#choices.phrases ?? []);
      const show = {
        kind: 'show' as const,
        uri: this.picture.toString(),
        fileName: pictureName(this.picture),
        imageSrc: await this.#pictureSource(signal),
        models: shown?.models ?? [],
        methods: shown?.methods ?? [],
        modelId,
        method,
        labels: asked ?? known?.labels ?? [],
        phrases: asked,
        ...(known?.availability !== undefined && { availability: known.availability }),
        colourMap: settings.colourMap,
      };
      request.check();
      this.#mailbox.post(show);
      const [listings, methods] = await Promise.all([models.list(), worker.methods()]);
      request.check();
      this.#mailbox.post({ ...show, models: listings, methods });
      const found = await models.resolve(modelId, signal, (phrase) => this.#busy(request, phrase));
      request.check();
      const phrases = found.zeroShot && tidyPhrases(this.#choices.phrases ?? []);
      const awaiting = phrases?.length === 0;
      const model = phrases === undefined || awaiting ? found : withPhrases(found, phrases);
      this.#model = awaiting ? undefined : model;
      this.#choices = { ...this.#choices, modelId: model.id };
      const { labels } = model;
      const whole = { models: withModel(listings, model), methods, modelId: model.id, labels };
      this.#mailbox.post({ ...show, ...whole, phrases });
      if (awaiting) {
        this.#mailbox.post({ kind: 'awaitingPhrases' });
        return;
      }
      await this.#explainWanted(request, model, method);
      void this.#showAvailability(request, model);
    });
  }

  /**
   * The map of the most probable class first, then those of the other listed and asked-for classes;
   * what is known already is shown at once.
   */
  async #explainWanted(request: Request, model: ModelDescription, method: string): Promise<void> {
    const known = this.#memory.get(model.id, method);
    let result = known;
    if (known === undefined) {
      const first = this.#oneMapForAll(method) ? explainSettings(this.picture).topK : 1;
      result = await this.#explain(request, model, method, { topK: first });
    } else {
      this.#mailbox.post(explainedMessage(model, known));
    }
    const missing = result === undefined ? [] : this.#missing(result);
    if (missing.length > 0) {
      this.#busy(request, 'Tracing the evidence for the other classes');
      await this.#explain(request, model, method, { classes: missing });
    }
  }

  /** Classes that are listed or were asked for, but have no map yet. */
  #missing({ topK, heatmaps }: ExplainResult): number[] {
    const explained = new Set(heatmaps.map(({ index }) => index));
    const wanted = [...topK.map(({ index }) => index), ...(this.#choices.extraClasses ?? [])];
    return wanted.filter((index) => !explained.has(index));
  }

  /** One call of the worker; what comes out is remembered and shown. */
  async #explain(
    request: Request,
    model: ModelDescription,
    method: string,
    targets: Targets,
    stability = false,
  ): Promise<ExplainResult> {
    const { topK, preset } = explainSettings(this.picture);
    const name = pictureName(this.picture);
    const bytes = await readPicture(this.picture);
    request.check();
    const result = await this.services.worker.call(
      'explain',
      {
        image: { kind: 'encoded', bytes, name },
        model,
        method,
        options: { preset },
        targets,
        listed: topK,
        stability,
      },
      {
        signal: request.signal,
        owner: this.#owner,
        onEvent: (event) => {
          if (event.kind === 'stage') this.#busy(request, event.phrase);
          if (event.kind === 'classified' && request.current) {
            this.#mailbox.post({ ...event, modelId: model.id, phrases: model.phrases });
          }
        },
      },
    );
    request.check();
    const merged = this.#memory.add(result);
    this.#mailbox.post(explainedMessage(model, merged));
    return merged;
  }

  /** Tells the panel which methods cannot run on this model. */
  async #showAvailability({ signal }: Request, model: ModelDescription): Promise<void> {
    try {
      const { methods } = await this.services.worker.call('inspect', { model }, { signal });
      const { shown } = this.#mailbox;
      if (shown?.modelId === model.id) this.#mailbox.post({ ...shown, availability: methods });
    } catch (error) {
      // The panel goes without: choosing such a method says why it cannot run.
      this.#log(failureData(error));
    }
  }

  async #pictureSource(signal: AbortSignal): Promise<string> {
    const { webview } = this.panel;
    return pictureSource(webview, this.picture, this.#version, this.services.worker, signal);
  }

  /** Runs one request; it replaces the one under way, and only the newest one reports. */
  async #inRequest(phrase: string, work: (request: Request) => Promise<void>): Promise<void> {
    const request = this.#requests.begin();
    this.#busy(request, phrase);
    try {
      await work(request);
    } catch (error) {
      if (!request.current) return;
      const failure = failureData(error);
      this.#log(failure);
      // Not by the person here: e.g. a download was declined, or the worker's settings changed.
      if (failure.code === 'cancelled') this.#mailbox.post({ kind: 'cancelled' });
      else this.#mailbox.post({ kind: 'failed', failure });
    } finally {
      this.#requests.end(request);
    }
  }

  #receive(raw: unknown): void {
    const message = parsePanelMessage(raw);
    if (message === undefined) {
      this.services.log.warn('The panel sent a message that is not of its protocol.');
      return;
    }
    this.#handle(message).catch((error: unknown) => {
      const failure = failureData(error);
      this.#log(failure);
      void vscode.window.showErrorMessage(`${failure.message} ${failure.nextStep}`);
    });
  }

  async #handle(message: PanelMessage): Promise<void> {
    switch (message.kind) {
      case 'ready':
        this.#mailbox.ready();
        return;
      case 'chooseMethod':
        return this.#chooseMethod(message.method);
      case 'chooseModel':
        return this.useModel(message.modelId);
      case 'explainClass':
        return this.#explainClass(message.index);
      case 'usePhrases':
        return this.#usePhrases(message.phrases);
      case 'step':
        this.#walk?.step(message.by);
        return;
      case 'walk':
        this.#walk?.goTo(message.place, message.name);
        return;
      case 'lookAtFrames':
        this.#inSight = message.range;
        this.showFilmstrip();
        return;
      case 'showFilmstrip':
        await this.services.memento.update(filmstripHidden, message.shown ? undefined : true);
        this.showFilmstrip();
        return;
      case 'measureStability':
        return this.#withModel('Measuring how stable the map is', async (...work) => {
          await this.#explain(...work, { topK: 1 }, true);
        });
      case 'cancel':
        this.cancel();
        return;
      case 'retry':
        return this.#begin();
      case 'openLog':
        this.services.log.show(true);
        return;
      case 'openSettings': {
        const { status } = this.#mailbox;
        return openSettings(status?.kind === 'failed' ? status.failure.message : '');
      }
      case 'manageModels':
        return vscode.commands.executeCommand(commandIds.manageModels);
      case 'save':
        return saveResult(this.picture, message, this.#shownResult());
      case 'notify':
        void vscode.window.showInformationMessage(message.message);
    }
  }

  async #chooseMethod(method: string): Promise<void> {
    this.#choices = { ...this.#choices, method };
    const { shown } = this.#mailbox;
    // The panel chose it, but a picture that was on its way then came with the method before.
    if (shown !== undefined) this.#mailbox.post({ ...shown, method });
    const model = this.#model;
    if (model !== undefined && model.id === this.#choices.modelId) {
      const known = this.#memory.get(model.id, method);
      if (known !== undefined && this.#missing(known).length === 0) {
        this.#requests.end(this.#requests.begin()); // what is under way is not wanted any more
        this.#mailbox.post(explainedMessage(model, known));
        return;
      }
    }
    await this.#withModel('Explaining', (...work) => this.#explainWanted(...work));
  }

  async #explainClass(index: number): Promise<void> {
    const extraClasses = [...new Set([...(this.#choices.extraClasses ?? []), index])];
    this.#choices = { ...this.#choices, extraClasses };
    const label = this.#model?.labels[index] ?? `class ${index}`;
    await this.#withModel(`Explaining ${label}`, (...work) => this.#explainWanted(...work));
  }

  /** Other phrases are another head: what the model said about the ones before no longer holds. */
  async #usePhrases(phrases: readonly string[]): Promise<void> {
    const { modelId } = this.#choices;
    this.#choices = { ...this.#choices, phrases: [...phrases], extraClasses: [] };
    if (modelId !== undefined) this.#memory.forget(modelId);
    await this.#begin();
  }

  /** Works with the model that is open; where none is, there is everything to begin with. */
  async #withModel(phrase: string, work: Work): Promise<void> {
    const model = this.#model;
    const { method, modelId } = this.#choices;
    if (model === undefined || method === undefined || model.id !== modelId) {
      return this.#begin();
    }
    return this.#inRequest(phrase, (request) => work(request, model, method));
  }

  #shownResult(): ExplainResult {
    const { method = '' } = this.#choices;
    const result = this.#model === undefined ? undefined : this.#memory.get(this.#model.id, method);
    if (result === undefined) {
      throw new Failure('internal', 'There is nothing to save yet.', 'Wait for the first map.');
    }
    return result;
  }

  #oneMapForAll(method: string): boolean {
    const info = this.#mailbox.shown?.methods.find(({ id }) => id === method);
    return info?.classSpecific === false;
  }

  #pictureChanged(): void {
    this.#version += 1;
    this.#memory.clear();
    void this.#begin();
  }

  #settingsChanged(change: vscode.ConfigurationChangeEvent): void {
    const { status } = this.#mailbox;
    const wasInvalid = status?.kind === 'failed' && status.failure.code === 'setting-invalid';
    const concerned = settingsConcern(change, this.picture);
    if (concerned === 'maps') this.#memory.clear();
    if (concerned !== 'nothing' || wasInvalid) void this.#begin();
  }

  #busy(request: Request, phrase: string): void {
    if (request.current) this.#mailbox.post({ kind: 'busy', phrase });
  }

  #log({ message, detail }: { readonly message: string; readonly detail?: string }): void {
    this.services.log.error(`${this.picture.toString()}: ${message}`, detail ?? '');
  }
}
