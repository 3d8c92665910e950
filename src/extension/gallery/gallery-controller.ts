/** One gallery: one dataset, what it is explained with, and how far the work is. */
import { createHash } from 'node:crypto';
import path from 'node:path';
import * as vscode from 'vscode';
import { summarise } from '../../dataset/dataset-summary';
import { mappingFileOf, readLabelMapping, writeLabelMapping } from '../../dataset/label-mapping';
import { listPictures } from '../../dataset/list-pictures';
import { listSamples } from '../../dataset/list-samples';
import { prepareBatch, type PreparedBatch } from '../../dataset/prepare-batch';
import type { SampleList } from '../../dataset/sample';
import { thumbnailFile } from '../../dataset/thumbnail-file';
import { Failure, failureData } from '../../shared/failure';
import type { SampleResult } from '../../shared/sample-result';
import type { BatchResult } from '../../shared/worker-protocol';
import { commandIds } from '../commands/command-ids';
import type { ModelManager } from '../models/model-manager';
import { panelHtml } from '../panel/panel-html';
import { withModel } from '../panel/panel-words';
import type { Panels } from '../panel/panels';
import { defaultModelId, explainSettings } from '../settings';
import type { WorkerHost } from '../worker-host';
import { exportReport } from './export-report';
import { parseGalleryMessage, type GalleryMessage, type RevivedGallery } from './from-gallery';
import { GalleryMailbox } from './gallery-mailbox';
import { GalleryRun } from './gallery-run';
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
export type GalleryChoices = Partial<Pick<RevivedGallery, 'modelId' | 'method'>>;

/** One forward pass a sample, and the same map whatever the class. */
const DEFAULT_METHOD = 'attention_rollout';
const THUMBNAIL_SIDE = 160;

/** What a run is made of, once the dataset and the model are open. */
interface Opened {
  readonly list: SampleList;
  readonly batch: PreparedBatch;
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
    panel.title = `${titleOf(sources)} – ViT`;
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
      this.#opened = opened;
      await this.#work(opened);
    } catch (error) {
      if (beginning.signal.aborted) return;
      this.#fail(error);
    }
  }

  async #open(signal: AbortSignal): Promise<Opened> {
    const { models, worker } = this.services;
    const [first] = this.sources;
    if (first === undefined) throw new RangeError('a gallery of nothing');
    const list = await this.#list();
    const modelId = this.#choices.modelId ?? defaultModelId(first);
    const method = this.#choices.method ?? DEFAULT_METHOD;
    const { colourMap, preset } = explainSettings(first);
    const [listings, methods] = await Promise.all([models.list(), worker.methods()]);
    signal.throwIfAborted();
    const shown = {
      kind: 'dataset' as const,
      title: titleOf(this.sources),
      sources: this.sources.map(String),
      total: list.samples.length,
      classes: [],
      grid: [1, 1] as const,
      models: listings,
      modelId,
      methods,
      method,
      colourMap,
      unmatched: [],
      mappingFile: path.basename(mappingFileOf(list.root)),
      skipped: [],
      notices: [],
    };
    this.#mailbox.showDataset(shown);
    const model = await models.resolve(modelId, signal, (phrase) => this.#opening(phrase));
    this.#choices = { modelId: model.id, method };
    signal.throwIfAborted();
    const thumbnails = {
      folder: path.join(
        this.services.thumbnailFolder.fsPath,
        createHash('sha256').update(JSON.stringify(model.preprocessing)).digest('hex').slice(0, 16),
      ),
      side: THUMBNAIL_SIDE,
    };
    const call = { model, method, options: { preset }, thumbnails };
    const found: BatchResult = await worker.call(
      'batch',
      { ...call, samples: [] },
      {
        signal,
        onEvent: (event) => {
          if (event.kind === 'stage') this.#opening(event.phrase);
        },
      },
    );
    const batch = await prepareBatch({ ...call, source: first.fsPath, list, opened: found });
    signal.throwIfAborted();
    const signed = methods.find(({ id }) => id === method)?.signed ?? false;
    const thumbnailOf = (sha256: string): string =>
      this.panel.webview
        .asWebviewUri(vscode.Uri.file(thumbnailFile(thumbnails.folder, sha256)))
        .toString();
    this.#mailbox.showDataset({
      ...shown,
      classes: batch.header.classes,
      grid: found.grid,
      models: withModel(listings, model),
      modelId: model.id,
      unmatched: batch.header.unmatched,
      skipped: batch.header.skipped,
      notices: found.notices,
    });
    const run = new GalleryRun(
      (params, options) => worker.call('batch', params, options),
      call,
      batch.samples,
      (result) => this.#tell(run, result, signed, thumbnailOf),
    );
    return { list, batch, run, thumbnailOf: (sha256) => thumbnailFile(thumbnails.folder, sha256) };
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
    const files = this.sources.map(({ fsPath }) => fsPath);
    const [only] = files;
    return files.length === 1 && only !== undefined ? listSamples(only) : listPictures(files);
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
    this.#progress(run);
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
        this.#openSample(message.name, message.focus);
        return;
      case 'follow':
        if (this.services.panels.walking) this.#openSample(message.name, false);
        return;
      case 'chooseMethod':
        this.#choices = { ...this.#choices, method: message.method };
        return this.#begin();
      case 'chooseModel':
        this.#choices = { ...this.#choices, modelId: message.modelId };
        return this.#begin();
      case 'mapLabel':
        return this.#mapLabel(message.label, message.index);
      case 'export':
        return this.#export(message.format);
      case 'openLog':
        this.services.log.show(true);
        return;
      case 'manageModels':
        await vscode.commands.executeCommand(commandIds.manageModels);
    }
  }

  #openSample(name: string, focus: boolean): void {
    const sample = this.#opened?.batch.samples.find((one) => one.name === name);
    const { modelId } = this.#choices;
    if (sample === undefined || modelId === undefined) return;
    this.services.panels.walk(vscode.Uri.file(sample.path), { modelId }, focus, (by) => {
      this.#mailbox.answer({ kind: 'step', by });
    });
  }

  /** Kept beside the dataset; the results are the same, but what they are held against is not. */
  async #mapLabel(label: string, index: number | undefined): Promise<void> {
    const opened = this.#opened;
    if (opened === undefined) return;
    const { classes } = opened.batch.header;
    const file = mappingFileOf(opened.list.root);
    const known = Object.entries(await readLabelMapping(file, classes));
    const others = known.filter(([name]) => name !== label);
    const mapping: [string, number][] = index === undefined ? others : [...others, [label, index]];
    await writeLabelMapping(file, Object.fromEntries(mapping), classes);
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

function titleOf(sources: readonly vscode.Uri[]): string {
  const [first] = sources;
  const name = first === undefined ? '' : path.posix.basename(first.path);
  return sources.length > 1 ? `${sources.length} pictures` : name;
}
