/** One panel: one picture, what is asked about it, and what is told about it. */
import * as vscode from 'vscode';
import type { Targets } from '../../shared/explanation';
import { Failure, failureData } from '../../shared/failure';
import type { ModelDescription } from '../../shared/model';
import type { ToPanel } from '../../shared/panel-protocol';
import type { ExplainResult } from '../../shared/worker-protocol';
import type { ModelManager } from '../models/model-manager';
import { saveResult } from '../save-result';
import { defaultModelId, explainSettings } from '../settings';
import type { WorkerHost } from '../worker-host';
import { ExplanationMemory } from './explanation-memory';
import { parsePanelMessage, type PanelMessage, type RevivedState } from './from-panel';
import { panelHtml, panelRoots } from './panel-html';
import { PanelMailbox } from './panel-mailbox';
import { pictureName, pictureSource, readPicture } from './picture';

export interface PanelServices {
  readonly extensionUri: vscode.Uri;
  readonly worker: WorkerHost;
  readonly models: ModelManager;
  readonly log: vscode.LogOutputChannel;
}

/** What a panel may be opened with instead of the defaults of the settings. */
export type PanelChoices = Partial<Pick<RevivedState, 'modelId' | 'method' | 'extraClasses'>>;

export class PanelController implements vscode.Disposable {
  readonly #mailbox: PanelMailbox;
  readonly #memory = new ExplanationMemory();
  readonly #disposables: vscode.Disposable[] = [];
  readonly #busyChange = new vscode.EventEmitter<void>();
  readonly onDidChangeBusy = this.#busyChange.event;
  #request: AbortController | undefined;
  #choices: PanelChoices;
  #model: ModelDescription | undefined;
  /** Counts the versions of the file that were seen. */
  #version = Date.now();

  constructor(
    readonly panel: vscode.WebviewPanel,
    readonly picture: vscode.Uri,
    private readonly services: PanelServices,
    choices: PanelChoices,
  ) {
    this.#choices = choices;
    this.#mailbox = new PanelMailbox((message) => void panel.webview.postMessage(message));
    panel.title = `${pictureName(picture)} – ViT`;
    panel.iconPath = vscode.Uri.joinPath(services.extensionUri, 'media', 'icon.svg');
    panel.webview.options = {
      enableScripts: true,
      localResourceRoots: panelRoots(services.extensionUri, picture),
    };
    this.#disposables.push(
      this.#busyChange,
      panel.webview.onDidReceiveMessage((message: unknown) => this.#receive(message)),
      panel.onDidChangeViewState(() => {
        if (!panel.visible) this.#mailbox.hidden();
      }),
      this.#watchFile(),
    );
    panel.webview.html = panelHtml(panel.webview, services.extensionUri);
    void this.#begin();
  }

  get busy(): boolean {
    return this.#request !== undefined;
  }

  /** Stops the request under way; the panel says so at once. */
  cancel(): void {
    if (this.#request === undefined) return;
    this.#request.abort();
    this.#setRequest(undefined);
    this.#post({ kind: 'cancelled' });
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
    this.#request?.abort();
    for (const disposable of this.#disposables) disposable.dispose();
  }

  /** From nothing to the first explanation: picture, choices, model, map. */
  async #begin(): Promise<void> {
    await this.#inRequest('Opening the picture', async (signal) => {
      const { worker, models } = this.services;
      const settings = explainSettings(this.picture);
      const modelId = this.#choices.modelId ?? defaultModelId(this.picture);
      const method = this.#choices.method ?? settings.method;
      this.#choices = { ...this.#choices, modelId, method };
      const show = {
        kind: 'show' as const,
        uri: this.picture.toString(),
        fileName: pictureName(this.picture),
        imageSrc: await this.#pictureSource(signal),
        models: this.#mailbox.shown?.models ?? [],
        methods: this.#mailbox.shown?.methods ?? [],
        modelId,
        method,
        labels: [],
        colourMap: settings.colourMap,
      };
      this.#post(show);
      const [listings, methods] = await Promise.all([models.list(), worker.methods()]);
      signal.throwIfAborted();
      this.#post({ ...show, models: listings, methods });
      const model = await models.resolve(modelId, signal, (phrase) => this.#busy(phrase, signal));
      signal.throwIfAborted();
      this.#model = model;
      this.#choices = { ...this.#choices, modelId: model.id };
      this.#post({ ...show, models: listings, methods, modelId: model.id, labels: model.labels });
      await this.#explain(signal, model, method, { topK: settings.topK });
      const missing = (this.#choices.extraClasses ?? []).filter(
        (index) => !this.#isExplained(model, method, index),
      );
      if (missing.length > 0) await this.#explain(signal, model, method, { classes: missing });
      this.#postExplained(model, method);
    });
  }

  async #pictureSource(signal: AbortSignal): Promise<string> {
    const { webview } = this.panel;
    return pictureSource(webview, this.picture, this.#version, this.services.worker, signal);
  }

  async #explain(
    signal: AbortSignal,
    model: ModelDescription,
    method: string,
    targets: Targets,
    stability = false,
  ): Promise<void> {
    const settings = explainSettings(this.picture);
    const result = await this.services.worker.call(
      'explain',
      {
        image: {
          kind: 'encoded',
          bytes: await readPicture(this.picture),
          name: pictureName(this.picture),
        },
        model,
        method,
        options: { preset: settings.preset },
        targets,
        listed: settings.topK,
        stability,
      },
      {
        signal,
        owner: this.picture.toString(),
        onEvent: (event) => {
          if (signal.aborted) return;
          if (event.kind === 'stage') this.#busy(event.phrase, signal);
          else this.#post(event);
        },
      },
    );
    signal.throwIfAborted();
    this.#memory.add(result);
  }

  /** Runs one request; it replaces the one under way, and only the newest one reports. */
  async #inRequest(phrase: string, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    this.#request?.abort();
    const request = new AbortController();
    this.#setRequest(request);
    this.#busy(phrase, request.signal);
    try {
      await work(request.signal);
    } catch (error) {
      if (request.signal.aborted || this.#request !== request) return;
      const failure = failureData(error);
      this.services.log.error(
        `${this.picture.toString()}: ${failure.message}`,
        failure.detail ?? '',
      );
      // Nobody here cancelled: the worker was restarted under the request.
      this.#post(
        failure.code === 'cancelled' ? { kind: 'cancelled' } : { kind: 'failed', failure },
      );
    } finally {
      if (this.#request === request) this.#setRequest(undefined);
    }
  }

  #receive(raw: unknown): void {
    const message = parsePanelMessage(raw);
    if (message === undefined) {
      this.services.log.warn('The panel sent a message that is not of its protocol.');
      return;
    }
    void this.#handle(message).catch((error: unknown) => {
      const failure = failureData(error);
      this.services.log.error(failure.message, failure.detail ?? '');
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
      case 'measureStability':
        return this.#withModel('Measuring how stable the map is', (signal, model, method) => {
          const { topK } = explainSettings(this.picture);
          return this.#explain(signal, model, method, { topK }, true);
        });
      case 'cancel':
        this.cancel();
        return;
      case 'retry':
        return this.#begin();
      case 'openLog':
        this.services.log.show(true);
        return;
      case 'manageModels':
        await vscode.commands.executeCommand('vitExplainer.manageModels');
        return;
      case 'save':
        return saveResult(this.picture, message, this.#shownResult());
      case 'notify':
        void vscode.window.showInformationMessage(message.message);
        return;
    }
  }

  async #chooseMethod(method: string): Promise<void> {
    this.#choices = { ...this.#choices, method };
    const { shown } = this.#mailbox;
    if (shown !== undefined) this.#mailbox.post({ ...shown, method });
    await this.#withModel('Explaining', async (signal, model) => {
      const { topK } = explainSettings(this.picture);
      if (this.#memory.get(model.id, method) === undefined) {
        await this.#explain(signal, model, method, { topK });
      }
      const missing = (this.#choices.extraClasses ?? []).filter(
        (index) => !this.#isExplained(model, method, index),
      );
      if (missing.length > 0) await this.#explain(signal, model, method, { classes: missing });
    });
  }

  async #explainClass(index: number): Promise<void> {
    const extraClasses = [...new Set([...(this.#choices.extraClasses ?? []), index])];
    this.#choices = { ...this.#choices, extraClasses };
    await this.#withModel(`Explaining ${this.#label(index)}`, async (signal, model, method) => {
      if (!this.#isExplained(model, method, index)) {
        await this.#explain(signal, model, method, { classes: [index] });
      }
    });
  }

  /** Work with the model that is open; where none is, there is everything to begin with. */
  async #withModel(
    phrase: string,
    work: (signal: AbortSignal, model: ModelDescription, method: string) => Promise<void>,
  ): Promise<void> {
    const model = this.#model;
    const { method, modelId } = this.#choices;
    if (model === undefined || method === undefined || model.id !== modelId) {
      await this.#begin();
      return;
    }
    await this.#inRequest(phrase, async (signal) => {
      await work(signal, model, method);
      this.#postExplained(model, method);
    });
  }

  #postExplained(model: ModelDescription, method: string): void {
    const result = this.#memory.get(model.id, method);
    if (result === undefined) return;
    this.#post({
      kind: 'explained',
      method,
      modelId: model.id,
      grid: result.grid,
      window: result.window,
      topK: result.topK,
      heatmaps: result.heatmaps,
      stability: result.stability,
      notices: [...noticesOf(model), ...result.notices],
      milliseconds: result.milliseconds.total,
    });
  }

  #isExplained(model: ModelDescription, method: string, index: number): boolean {
    const heatmaps = this.#memory.get(model.id, method)?.heatmaps ?? [];
    return heatmaps.some((heatmap) => heatmap.index === index);
  }

  #shownResult(): ExplainResult {
    const { method } = this.#choices;
    const result =
      this.#model === undefined || method === undefined
        ? undefined
        : this.#memory.get(this.#model.id, method);
    if (result === undefined) {
      throw new Failure('internal', 'There is nothing to save yet.', 'Wait for the first map.');
    }
    return result;
  }

  #label(index: number): string {
    return this.#model?.labels[index] ?? `class ${index}`;
  }

  #busy(phrase: string, signal: AbortSignal): void {
    if (!signal.aborted) this.#post({ kind: 'busy', phrase });
  }

  #post(message: ToPanel): void {
    this.#mailbox.post(message);
  }

  #setRequest(request: AbortController | undefined): void {
    this.#request = request;
    this.#busyChange.fire();
  }

  #watchFile(): vscode.Disposable {
    const watcher = vscode.workspace.createFileSystemWatcher(
      new vscode.RelativePattern(
        vscode.Uri.joinPath(this.picture, '..'),
        escapeGlob(pictureName(this.picture)),
      ),
    );
    const changed = (): void => {
      this.#version += 1;
      this.#memory.clear();
      void this.#begin();
    };
    watcher.onDidChange(changed);
    watcher.onDidCreate(changed);
    watcher.onDidDelete(changed);
    return watcher;
  }
}

/** What the person should know about how the picture was prepared. */
function noticesOf(model: ModelDescription): string[] {
  return model.guessedPreset === undefined
    ? []
    : [`How ${model.name} wants its pictures was ${model.preprocessingSource}.`];
}

function escapeGlob(name: string): string {
  return name.replace(/[[\]{}*?]/g, (character) => `[${character}]`);
}
