/** One gallery: one dataset, what it is explained with, and how far the work is. */
import { createHash } from 'node:crypto';
import path from 'node:path';
import * as vscode from 'vscode';
import { summarise } from '../../dataset/dataset-summary';
import { keepMeaning, mappingFileOf, readFittingMapping } from '../../dataset/label-mapping';
import { phrasesMeant, phrasesOfLabels } from '../../dataset/labels-of-phrases';
import { listSources } from '../../dataset/list-sources';
import { prepareBatch, type PreparedBatch } from '../../dataset/prepare-batch';
import { classesOf, type SampleList } from '../../dataset/sample';
import { thumbnailFile } from '../../dataset/thumbnail-file';
import { withoutSharedBeginning } from '../../shared/class-name';
import { Failure, failureData } from '../../shared/failure';
import type { SampleChoice } from '../../shared/gallery-protocol';
import { tidyPhrases, withPhrases } from '../../shared/phrases';
import type { SampleResult } from '../../shared/sample-result';
import type { BatchResult } from '../../shared/worker-protocol';
import { commandIds } from '../commands/command-ids';
import type { ModelManager } from '../models/model-manager';
import { panelHtml } from '../panel/panel-html';
import { withModel } from '../panel/panel-words';
import type { Panels } from '../panel/panels';
import { defaultModelId, explainSettings, openSettings } from '../settings';
import type { WorkerHost } from '../worker-host';
import { chooseAnnotations } from './choose-annotations';
import { datasetTitle } from './dataset-title';
import { exportReport } from './export-report';
import { parseGalleryMessage, type GalleryMessage, type RevivedGallery } from './from-gallery';
import { GalleryMailbox } from './gallery-mailbox';
import { GalleryRun } from './gallery-run';
import { GalleryWalk } from './gallery-walk';
import { tileOf } from './tile-of';

export interface GalleryServices {
  readonly extensionUri: vscode.Uri;
  /** Where small pictures are kept. */
  readonly thumbnailFolder: vscode.Uri;
  readonly worker: WorkerHost;
  readonly models: ModelManager;
  readonly panels: Panels;
  readonly log: vscode.LogOutputChannel;
}

/** What a gallery may be opened with instead of the defaults. */
export type GalleryChoices = Partial<Omit<RevivedGallery, 'sources'>>;

/** One forward pass a sample, and the same map whatever the class. */
const DEFAULT_METHOD = 'attention_rollout';
const THUMBNAIL_SIDE = 160;
/** How often a filmstrip is told of new samples while the work goes on. */
const STRIP_MILLISECONDS = 400;

/** What a run is made of, once the dataset and the model are open. */
interface Opened {
  readonly list: SampleList;
  readonly batch: PreparedBatch;
  readonly phrases: readonly string[] | undefined;
  /** Of the model; empty where it has none. */
  readonly classNames: readonly string[];
  readonly run: GalleryRun;
  readonly thumbnailOf: (sha256: string) => string;
}

export class GalleryController implements vscode.Disposable {
  readonly #mailbox: GalleryMailbox;
  readonly #disposables: vscode.Disposable[] = [];
  #choices: GalleryChoices;
  /** Of the newest beginning; older ones are aborted. */
  #beginning = new AbortController();
  #opened: Opened | undefined;
  readonly #walk: GalleryWalk;
  /** The model, and phrases, that the panel beside was opened with. */
  #walkedModel: string | undefined;
  #stripTimer: NodeJS.Timeout | undefined;

  constructor(
    readonly panel: vscode.WebviewPanel,
    private readonly sources: readonly vscode.Uri[],
    private readonly services: GalleryServices,
    choices: GalleryChoices,
  ) {
    this.#choices = choices;
    const { extensionUri, thumbnailFolder } = services;
    const { webview } = panel;
    this.#mailbox = new GalleryMailbox((message) => void webview.postMessage(message));
    this.#walk = new GalleryWalk(
      () => ({
        gallery: sources.map(String).sort().join('\n'),
        title: datasetTitle(sources),
        tiles: this.#mailbox.tiles,
        classes: this.#mailbox.dataset?.classes ?? [],
        roots: [thumbnailFolder, ...(this.#opened ? foldersOf(this.#opened.list) : [])],
      }),
      (name) => this.#goTo(name, false),
    );
    panel.title = `${datasetTitle(sources)} – ViT`;
    panel.iconPath = vscode.Uri.joinPath(extensionUri, 'media', 'icon.svg');
    webview.options = {
      enableScripts: true,
      localResourceRoots: [vscode.Uri.joinPath(extensionUri, 'dist'), thumbnailFolder],
    };
    this.#disposables.push(
      webview.onDidReceiveMessage((message: unknown) => this.#receive(message)),
      panel.onDidChangeViewState(() => {
        if (!panel.visible) this.#mailbox.hidden();
      }),
    );
    webview.html = panelHtml(webview, extensionUri, 'gallery');
    void this.#begin();
  }

  dispose(): void {
    this.#beginning.abort();
    this.#opened?.run.cancel();
    clearTimeout(this.#stripTimer);
    this.services.panels.endWalk(this.#walk);
    this.#mailbox.dispose();
    for (const disposable of this.#disposables) disposable.dispose();
  }

  /** From nothing to the last tile. What is known from earlier runs comes out of the cache. */
  async #begin(): Promise<void> {
    this.#beginning.abort();
    this.#opened?.run.cancel();
    this.#opened = undefined;
    const beginning = new AbortController();
    this.#beginning = beginning;
    try {
      this.#opening('Looking for pictures');
      const opened = await this.#open(beginning.signal);
      beginning.signal.throwIfAborted();
      if (opened === 'awaiting phrases') {
        this.#mailbox.showProgress({ kind: 'awaitingPhrases' });
        return;
      }
      this.#opened = opened;
      this.services.panels.offerWalk(this.#walk, (picture) => this.#walkResumed(picture));
      await this.#work(opened);
    } catch (error) {
      if (beginning.signal.aborted) return;
      this.#fail(error);
    }
  }

  async #open(signal: AbortSignal): Promise<Opened | 'awaiting phrases'> {
    const { models, worker } = this.services;
    const [first] = this.sources;
    if (first === undefined) throw new RangeError('a gallery of nothing');
    const list = await this.#list();
    const modelId = this.#choices.modelId ?? defaultModelId(first);
    const method = this.#choices.method ?? DEFAULT_METHOD;
    const { annotations } = this.#choices;
    const { colourMap, preset } = explainSettings(first);
    const [listings, methods] = await Promise.all([models.list(), worker.methods()]);
    signal.throwIfAborted();
    const shown = {
      kind: 'dataset' as const,
      title: datasetTitle(this.sources),
      sources: this.sources.map(String),
      total: list.samples.length,
      classes: [],
      grid: [1, 1] as const,
      models: listings,
      modelId,
      methods,
      method,
      colourMap,
      annotations,
      unmatched: [],
      mappingFile: path.basename(mappingFileOf(list.root)),
      skipped: [],
      notices: [],
    };
    this.#showDataset(shown);
    const found = await models.resolve(modelId, signal, (phrase) => this.#opening(phrase));
    signal.throwIfAborted();
    this.#choices = { ...this.#choices, modelId: found.id, method };
    const labels = classesOf(list.samples);
    const phrases = found.zeroShot && tidyPhrases(this.#choices.phrases ?? phrasesOfLabels(labels));
    const named = { ...shown, models: withModel(listings, found), modelId: found.id, phrases };
    if (phrases !== undefined && phrases.length < 2) {
      this.#showDataset(named);
      return 'awaiting phrases';
    }
    const model = phrases === undefined ? found : withPhrases(found, phrases);
    const thumbnails = {
      folder: path.join(
        this.services.thumbnailFolder.fsPath,
        createHash('sha256').update(JSON.stringify(model.preprocessing)).digest('hex').slice(0, 16),
      ),
      side: THUMBNAIL_SIDE,
    };
    const call = { model, method, options: { preset }, thumbnails };
    const opened: BatchResult = await worker.call(
      'batch',
      { ...call, samples: [] },
      {
        signal,
        onEvent: (event) => {
          if (event.kind === 'stage') this.#opening(event.phrase);
        },
      },
    );
    const source = this.sources.length === 1 ? first.fsPath : list.root;
    const meanings = phrases
      ? phrasesMeant(labels, phrases)
      : await readFittingMapping(mappingFileOf(list.root), opened.labels);
    const batch = await prepareBatch({ ...call, source, list, opened, meanings, annotations });
    signal.throwIfAborted();
    const signed = methods.find(({ id }) => id === method)?.signed ?? false;
    const thumbnailOf = (sha256: string): string =>
      this.panel.webview
        .asWebviewUri(vscode.Uri.file(thumbnailFile(thumbnails.folder, sha256)))
        .toString();
    this.#showDataset({
      ...named,
      classes: phrases ? withoutSharedBeginning(phrases) : batch.header.classes,
      grid: opened.grid,
      unmatched: batch.header.unmatched,
      skipped: batch.header.skipped,
      notices: opened.notices,
    });
    const run = new GalleryRun(
      (params, options) => worker.call('batch', params, options),
      call,
      batch.samples,
      (result) => this.#tell(run, result, signed, thumbnailOf),
    );
    return {
      list,
      batch,
      phrases,
      classNames: opened.labels,
      run,
      thumbnailOf: (sha256) => thumbnailFile(thumbnails.folder, sha256),
    };
  }

  async #list(): Promise<SampleList> {
    const elsewhere = this.sources.find(({ scheme }) => scheme !== 'file');
    if (elsewhere !== undefined) {
      throw new Failure(
        'dataset-unusable',
        `${elsewhere.toString()} is not on a disk of this machine, so its pictures cannot be read one after another.`,
        'Copy the folder to a disk, or explain single pictures.',
      );
    }
    return listSources(this.sources.map(({ fsPath }) => fsPath));
  }

  async #work({ run }: Opened): Promise<void> {
    this.#progress(run);
    await run.work();
    if (this.#opened?.run === run) {
      this.#mailbox.showProgress({ kind: 'done', total: run.samples.length });
    }
  }

  #tell(
    run: GalleryRun,
    result: SampleResult,
    signed: boolean,
    thumbnailOf: (sha256: string) => string,
  ): void {
    if (this.#opened?.run !== run) return;
    this.#mailbox.addTile(tileOf(result, signed, thumbnailOf));
    this.#walk.tilesChanged();
    this.#stripTimer ??= setTimeout(() => this.#tellStrip(), STRIP_MILLISECONDS);
    this.#progress(run);
  }

  #showDataset(dataset: Parameters<GalleryMailbox['showDataset']>[0]): void {
    this.#mailbox.showDataset(dataset);
    this.#walk.tilesChanged();
    this.#tellStrip();
  }

  #tellStrip(): void {
    clearTimeout(this.#stripTimer);
    this.#stripTimer = undefined;
    this.services.panels.walkChanged(this.#walk);
  }

  #progress(run: GalleryRun): void {
    this.#mailbox.showProgress({
      kind: run.paused ? 'paused' : 'running',
      done: run.results.length,
      total: run.samples.length,
    });
  }

  #opening(phrase: string): void {
    this.#mailbox.showProgress({ kind: 'opening', phrase });
  }

  #fail(error: unknown): void {
    const failure = failureData(error);
    const run = this.#opened?.run;
    if (failure.code === 'cancelled' && run !== undefined) {
      const { length: done } = run.results;
      this.#mailbox.showProgress({ kind: 'cancelled', done, total: run.samples.length });
      return;
    }
    this.services.log.error(failure.message, failure.detail ?? '');
    this.#mailbox.showProgress({ kind: 'failed', failure });
  }

  #receive(raw: unknown): void {
    const message = parseGalleryMessage(raw);
    if (message === undefined) {
      this.services.log.warn('The gallery sent a message that is not of its protocol.');
      return;
    }
    this.#handle(message).catch((error: unknown) => {
      const failure = failureData(error);
      this.services.log.error(failure.message, failure.detail ?? '');
      void vscode.window.showErrorMessage(`${failure.message} ${failure.nextStep}`);
    });
  }

  async #handle(message: GalleryMessage): Promise<void> {
    const run = this.#opened?.run;
    switch (message.kind) {
      case 'ready':
        this.#mailbox.ready();
        this.#choose(message.choice);
        return;
      case 'choose':
        this.#choose(message.choice);
        return;
      case 'pause':
        run?.pause();
        if (run) this.#progress(run);
        return;
      case 'resume':
        run?.resume();
        if (run) this.#progress(run);
        return;
      case 'cancel':
        if (run) run.cancel();
        else this.#beginning.abort();
        return;
      case 'retry':
        return this.#begin();
      case 'summarise':
        this.#mailbox.answer({ kind: 'summary', summary: summarise(run?.results ?? []) });
        return;
      case 'open':
        this.#goTo(message.name, message.focus);
        return;
      case 'follow':
        this.#mailbox.remember(message.name);
        if (this.services.panels.isWalking(this.#walk)) this.#goTo(message.name, false);
        return;
      case 'chooseMethod':
        this.#choices = { ...this.#choices, method: message.method };
        return this.#begin();
      case 'chooseModel':
        this.#choices = { ...this.#choices, modelId: message.modelId };
        return this.#begin();
      case 'usePhrases':
        this.#choices = { ...this.#choices, phrases: message.phrases };
        return this.#begin();
      case 'chooseAnnotations':
        return this.#chooseAnnotations();
      case 'mapLabel':
        return this.#mapLabel(message.label, message.index);
      case 'export':
        return this.#export(message.format);
      case 'openLog':
        this.services.log.show(true);
        return;
      case 'openSettings': {
        const { progress } = this.#mailbox;
        return openSettings(progress?.kind === 'failed' ? progress.failure.message : '');
      }
      case 'manageModels':
        await vscode.commands.executeCommand(commandIds.manageModels);
    }
  }

  #choose(choice: SampleChoice): void {
    this.#walk.choose(choice);
    this.#tellStrip();
  }

  /** The panel that walks shows this sample, the gallery chooses it, whoever asked. */
  #goTo(name: string, focus: boolean): void {
    const { panels } = this.services;
    const sample = this.#opened?.batch.samples.find((one) => one.name === name);
    const { modelId } = this.#choices;
    if (sample === undefined || modelId === undefined) return;
    const phrases = this.#opened?.phrases;
    const model = modelKey(modelId, phrases);
    // A model that was chosen in the panel stays until another is chosen here.
    const sameModel = panels.isWalking(this.#walk) && this.#walkedModel === model;
    if (this.#walk.shown === name && sameModel && !focus) return;
    this.#walkedModel = model;
    this.#walk.show(name);
    this.#mailbox.select(name);
    const picture = vscode.Uri.file(sample.path);
    const choices = { modelId, ...(phrases && { phrases: [...phrases] }) };
    panels.walk(this.#walk, { picture, choices: sameModel ? {} : choices }, focus);
  }

  /** After a reload: the panel that stands beside belongs to this gallery again. */
  #walkResumed(picture: vscode.Uri): void {
    const sample = this.#opened?.batch.samples.find((one) => one.path === picture.fsPath);
    if (sample === undefined) return;
    this.#walkedModel = modelKey(this.#choices.modelId ?? '', this.#opened?.phrases);
    this.#walk.show(sample.name);
    this.#mailbox.select(sample.name);
    this.#tellStrip();
  }

  async #chooseAnnotations(): Promise<void> {
    const { annotations, ...others } = this.#choices;
    const [first] = this.sources;
    const chosen = await chooseAnnotations(annotations, first);
    if (chosen === undefined) return;
    this.#choices = chosen === 'beside' ? others : { ...others, annotations: chosen.fsPath };
    await this.#begin();
  }

  /** Kept beside the dataset; the results are the same, but what they are held against is not. */
  async #mapLabel(label: string, index: number | undefined): Promise<void> {
    const opened = this.#opened;
    if (opened === undefined) return;
    await keepMeaning(mappingFileOf(opened.list.root), label, index, opened.classNames);
    await this.#begin();
  }

  async #export(format: Extract<GalleryMessage, { kind: 'export' }>['format']): Promise<void> {
    const opened = this.#opened;
    if (opened === undefined) return;
    const folder = vscode.Uri.file(path.dirname(opened.list.root));
    const { header } = opened.batch;
    await exportReport(format, folder, header, opened.run.results, opened.thumbnailOf);
  }
}

function modelKey(modelId: string, phrases: readonly string[] | undefined): string {
  return JSON.stringify([modelId, phrases]);
}

/** The folders that samples lie in, without those below others. */
function foldersOf({ root, samples }: SampleList): readonly vscode.Uri[] {
  const inside = root.endsWith(path.sep) ? root : root + path.sep;
  const outside = samples.map((sample) => sample.path).filter((file) => !file.startsWith(inside));
  return [...new Set([root, ...outside.map((file) => path.dirname(file))])].map((folder) =>
    vscode.Uri.file(folder),
  );
}
