/** One gallery: joins its page, the work on its dataset and the panel beside. */
import path from 'node:path';
import * as vscode from 'vscode';
import { DatasetTally } from '../../dataset/dataset-summary';
import { keepMeaning, keepReading, mappingFileOf } from '../../dataset/label-mapping';
import type { FailureData } from '../../shared/failure-data';
import { choiceInWords } from '../../shared/gallery/choice-in-words';
import { chooseTiles } from '../../shared/gallery/choose-tiles';
import { freshGallery, type GalleryState } from '../../shared/gallery/gallery-state';
import type { TilePicture } from '../../shared/gallery/tile';
import { freshView, type GalleryChoices } from '../../shared/gallery/gallery-view';
import {
  fromGallerySchema,
  type FromGallery,
  type KeptGallery,
} from '../../shared/protocol/gallery';
import type { Handlers } from '../../shared/protocol/messages';
import { browseForModel } from '../models/browse-model';
import type { ShowModel } from '../model-page/model-pages';
import { editorHandlers } from '../page/editor-handlers';
import { Page } from '../page/page';
import type { Panels } from '../panel/panels';
import { chooseAnnotations } from './choose-annotations';
import { datasetTitle } from './dataset-title';
import { exportReport } from './export-report';
import { GalleryModel } from './gallery-model';
import { galleryWork, type GalleryWork } from './gallery-work';
import type { DatasetServices } from './open-dataset';
import type { ChosenSamples } from './report-text';
import { tilePictureOf } from './tile-of';
import { WalkBeside } from './walk-beside';

export interface GalleryServices extends DatasetServices {
  readonly extensionUri: vscode.Uri;
  readonly panels: Panels;
  readonly showModel: ShowModel;
  readonly log: vscode.LogOutputChannel;
}

export class GalleryController implements vscode.Disposable {
  private readonly gallery: GalleryModel;
  private readonly beside: WalkBeside;
  private readonly page: Page<FromGallery>;
  /** The newest; older ones are stopped. */
  private work: GalleryWork | undefined;

  /** @param kept what is asked of the samples and how they are looked at, instead of the defaults */
  constructor(
    readonly panel: vscode.WebviewPanel,
    private readonly sources: readonly vscode.Uri[],
    private readonly services: GalleryServices,
    { view = freshView, ...asked }: Partial<Omit<KeptGallery, 'sources'>>,
  ) {
    const { thumbnailFolder, panels } = services;
    this.gallery = new GalleryModel(freshGallery(asked, view), {
      deliver: (change) => void panel.webview.postMessage(change),
      summarise: () => (this.work?.results?.tally ?? new DatasetTally()).summary,
      onChange: (now, before) => this.changed(now, before),
    });
    this.beside = new WalkBeside(panels, this.gallery, sources, thumbnailFolder, (name) =>
      this.thumbnailOf(name),
    );
    panel.title = `${datasetTitle(sources)} – ViT`;
    this.page = new Page(panel, services, {
      name: 'gallery',
      folders: [thumbnailFolder],
      schema: fromGallerySchema,
      handlers: this.handlers(),
      listener: this.gallery,
      log: (failure) => this.log(failure),
    });
    void this.begin();
  }

  get kept(): Omit<KeptGallery, 'sources'> {
    const { asked, view } = this.gallery.state;
    return { ...asked, view };
  }

  dispose(): void {
    this.stop();
    this.beside.dispose();
    this.gallery.dispose();
    this.page.dispose();
  }

  /** The work that messages ask for; what they change at once is done by then (`intended`). */
  private handlers(): Handlers<FromGallery, Promise<void> | void> {
    return {
      ...editorHandlers(this.services.log, () => {
        const { progress } = this.gallery.state;
        return progress.kind === 'failed' ? progress.failure : undefined;
      }),
      ready: () => undefined,
      look: () => undefined,
      see: ({ names }) => this.gallery.set({ pictures: this.picturesOf(names) }),
      pause: () => this.work?.pause(),
      resume: () => this.work?.resume(),
      cancel: () => this.work?.cancel(),
      retry: () => this.begin(),
      open: ({ name, focus }) => this.beside.goTo(name, focus),
      chooseMethod: () => this.begin(),
      chooseModel: async ({ modelId }) => {
        await this.services.models.chosen.choose(modelId);
        await this.begin();
      },
      browseModel: async () => {
        const modelId = await browseForModel(
          this.services.models.folders,
          'Explain with Another Model',
          'Use This Model',
        );
        if (modelId === undefined) return;
        this.gallery.set({ asked: { ...this.gallery.state.asked, modelId } });
        await this.services.models.chosen.choose(modelId);
        await this.begin();
      },
      usePhrases: () => this.begin(),
      useAmong: ({ among }) => {
        const counted = this.work?.opened?.batch.header.among;
        // What is counted already is only looked at otherwise.
        const isKnown = among.of === 'all' || (among.of === 'dataset' && counted?.of === 'dataset');
        return isKnown ? undefined : this.begin();
      },
      chooseAnnotations: () => this.chooseAnnotations(),
      export: async ({ format, of }) => {
        const { opened: dataset, results } = this.work ?? {};
        if (dataset === undefined || results === undefined) return;
        const chosen = of === 'chosen' ? this.chosen() : undefined;
        const folder = vscode.Uri.file(path.dirname(dataset.list.root));
        const { header } = await dataset.batch.whole();
        await exportReport(format, folder, { ...dataset, header, results, chosen });
      },
      showModel: async () => {
        const { opened: dataset } = this.work ?? {};
        const { title: name } = this.gallery.state.dataset ?? {};
        if (dataset === undefined || name === undefined) return;
        const uris = this.sources.map(String);
        await this.services.showModel(dataset.model.path, { kind: 'dataset', name, uris });
      },
      // Kept beside the dataset; the results are the same, but what they are held against is not.
      mapLabel: async ({ label, index }) => {
        const { opened: dataset } = this.work ?? {};
        if (dataset === undefined) return;
        await keepMeaning(mappingFileOf(dataset.list.root), label, index, dataset.classNames);
        await this.begin();
      },
      readLabels: async ({ reading }) => {
        const { opened: dataset } = this.work ?? {};
        if (dataset === undefined) return;
        await keepReading(mappingFileOf(dataset.list.root), reading);
        await this.begin();
      },
    };
  }

  /** From nothing to the last tile. What is known from earlier runs comes out of the cache. */
  private begin(): Promise<void> {
    this.stop();
    this.beside.leave();
    this.work = galleryWork(this.sources, this.services, this.gallery);
    return this.work.begin((dataset) => this.beside.enter(dataset));
  }

  private stop(): void {
    this.work?.stop();
    this.work?.results?.close();
  }

  /** What the filters leave; undefined where that is everything. */
  private chosen(): ChosenSamples | undefined {
    const { tiles, view, dataset } = this.gallery.state;
    if (dataset === undefined) return undefined;
    const words = choiceInWords(view, dataset);
    if (words === undefined) return undefined;
    const chosen = chooseTiles(tiles, view, dataset.classes);
    return { words, names: new Set(chosen.map(({ name }) => name)) };
  }

  private picturesOf(names: readonly string[]): readonly TilePicture[] {
    const { opened, results } = this.work ?? {};
    if (opened === undefined || results === undefined) return [];
    return names.flatMap((name) => {
      const result = results.explained(name);
      return result === undefined
        ? []
        : [tilePictureOf(result, opened.reported, (sha256) => this.addressOf(sha256))];
    });
  }

  private thumbnailOf(name: string): string | undefined {
    const result = this.work?.results?.explained(name);
    return result && this.addressOf(result.sha256);
  }

  /** Where the page finds the small picture of a file with this SHA-256. */
  private addressOf(sha256: string): string {
    const file = this.work?.opened?.thumbnailOf(sha256) ?? '';
    return this.panel.webview.asWebviewUri(vscode.Uri.file(file)).toString();
  }

  private changed(now: GalleryState, before: GalleryState): void {
    this.beside.galleryChanged(now, before);
    const { progress } = now;
    if (progress !== before.progress && progress.kind === 'failed') this.log(progress.failure);
  }

  private async chooseAnnotations(): Promise<void> {
    const [first] = this.sources;
    const { annotations, ...others } = this.gallery.state.asked;
    const chosen = await chooseAnnotations(annotations, first);
    if (chosen === undefined || (chosen === 'beside' && annotations === undefined)) return;
    const asked: GalleryChoices =
      chosen === 'beside' ? others : { ...others, annotations: chosen.fsPath };
    this.gallery.set({ asked });
    await this.begin();
  }

  private log({ message, detail }: FailureData): void {
    this.services.log.error(message, detail ?? '');
  }
}
