/** A gallery and the panel beside it are at the same sample, whichever of the two the person goes on in. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { SampleList } from '../../dataset/sample';
import type { SampleChoice } from '../../shared/gallery-protocol';
import type { Panels } from '../panel/panels';
import { datasetKey } from './dataset-key';
import { datasetTitle } from './dataset-title';
import type { GalleryMailbox } from './gallery-mailbox';
import { GalleryWalk } from './gallery-walk';
import type { OpenedDataset } from './open-dataset';

/** How often a filmstrip is told of new samples while the work goes on. */
const stripMilliseconds = 400;

export class WalkBeside {
  private readonly walk: GalleryWalk;
  private dataset: OpenedDataset | undefined;
  /** The model, and phrases, that the panel was opened with. */
  private model: string | undefined;
  private stripTimer: NodeJS.Timeout | undefined;

  /**
   * @param mailbox what the gallery shows, and how it is told of another sample
   * @param thumbnailFolder where small pictures are kept
   */
  constructor(
    private readonly panels: Panels,
    private readonly mailbox: GalleryMailbox,
    sources: readonly vscode.Uri[],
    thumbnailFolder: vscode.Uri,
  ) {
    this.walk = new GalleryWalk(
      () => ({
        gallery: datasetKey(sources),
        title: datasetTitle(sources),
        tiles: mailbox.tiles,
        classes: mailbox.dataset?.classes ?? [],
        roots: [thumbnailFolder, ...(this.dataset ? foldersOf(this.dataset.list) : [])],
      }),
      (name) => this.goTo(name, false),
    );
  }

  /** From now on there are samples to go to. */
  enter(dataset: OpenedDataset): void {
    this.dataset = dataset;
    this.panels.offerWalk(this.walk, (picture) => this.resumed(picture));
  }

  /** The samples are gone, until there are others; the panel stays at its own. */
  leave(): void {
    this.dataset = undefined;
  }

  dispose(): void {
    clearTimeout(this.stripTimer);
    this.panels.endWalk(this.walk);
  }

  /** The gallery shows other samples, or in another order. */
  choose(choice: SampleChoice): void {
    this.walk.choose(choice);
    this.tellStrip();
  }

  /** The gallery has begun anew. */
  datasetChanged(): void {
    this.walk.tilesChanged();
    this.tellStrip();
  }

  /** The filmstrip is told of several at once. */
  tileAdded(): void {
    this.walk.tilesChanged();
    this.stripTimer ??= setTimeout(() => this.tellStrip(), stripMilliseconds);
  }

  /** The panel shows this sample, the gallery chooses it, whoever asked. */
  goTo(name: string, focus: boolean): void {
    const dataset = this.dataset;
    const sample = dataset?.batch.samples.find((one) => one.name === name);
    if (dataset === undefined || sample === undefined) return;
    const model = modelKey(dataset);
    // A model that was chosen in the panel stays until another is chosen in the gallery.
    const sameModel = this.panels.isWalking(this.walk) && this.model === model;
    if (this.walk.shown === name && sameModel && !focus) return;
    this.arrive(name, model);
    const { params, phrases } = dataset;
    const choices = { modelId: params.model.id, ...(phrases && { phrases: [...phrases] }) };
    const picture = vscode.Uri.file(sample.path);
    this.panels.walk(this.walk, { picture, choices: sameModel ? {} : choices }, focus);
  }

  /** The gallery's keys are at this sample: the panel comes along, where one is open. */
  follow(name: string): void {
    this.mailbox.remember(name);
    if (this.panels.isWalking(this.walk)) this.goTo(name, false);
  }

  /** After a reload: the panel that stands beside belongs to this gallery again. */
  private resumed(picture: vscode.Uri): void {
    const dataset = this.dataset;
    const sample = dataset?.batch.samples.find((one) => one.path === picture.fsPath);
    if (dataset === undefined || sample === undefined) return;
    this.arrive(sample.name, modelKey(dataset));
    this.tellStrip();
  }

  private arrive(name: string, model: string): void {
    this.model = model;
    this.walk.show(name);
    this.mailbox.select(name);
  }

  private tellStrip(): void {
    clearTimeout(this.stripTimer);
    this.stripTimer = undefined;
    this.panels.walkChanged(this.walk);
  }
}

function modelKey({ params, phrases }: OpenedDataset): string {
  return JSON.stringify([params.model.id, phrases]);
}

/** The folders that samples lie in, without those below others. */
function foldersOf({ root, samples }: SampleList): readonly vscode.Uri[] {
  const inside = root.endsWith(path.sep) ? root : root + path.sep;
  const outside = samples.map((sample) => sample.path).filter((file) => !file.startsWith(inside));
  return [...new Set([root, ...outside.map((file) => path.dirname(file))])].map((folder) =>
    vscode.Uri.file(folder),
  );
}
