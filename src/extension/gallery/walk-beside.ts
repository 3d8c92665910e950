/** A gallery and the panel beside it are at the same sample, whichever of the two the person goes on in. */
import * as vscode from 'vscode';
import { sameChoice } from '../../shared/gallery/choose-tiles';
import type { GalleryState } from '../../shared/gallery/gallery-state';
import { amongAll, type AmongChoice } from '../../shared/among';
import { labelOf } from '../../shared/panel/asked-classes';
import type { PanelChoices } from '../../shared/panel/panel-model';
import type { Panels } from '../panel/panels';
import { foldersOf } from './dataset-folders';
import { datasetKey } from './dataset-key';
import { datasetTitle } from './dataset-title';
import type { GalleryModel } from './gallery-model';
import { GalleryWalk } from './gallery-walk';
import type { OpenedDataset } from './open-dataset';

/** How often a filmstrip is told of new samples while the work goes on. */
const stripMilliseconds = 400;
/** A key that is held moves faster than a panel opens; the panel follows when it rests. */
const restMilliseconds = 250;

export class WalkBeside {
  private readonly walk: GalleryWalk;
  private dataset: OpenedDataset | undefined;
  /** That its samples lie in. */
  private folders: readonly vscode.Uri[] = [];
  /** Name of the sample that the panel shows. */
  private shown: string | undefined;
  /** The model, and phrases, that the panel was opened with. */
  private model: string | undefined;
  private stripTimer: NodeJS.Timeout | undefined;
  private restTimer: NodeJS.Timeout | undefined;

  /**
   * @param thumbnailFolder where small pictures are kept
   * @param thumbnailOf address of a sample's
   */
  constructor(
    private readonly panels: Panels,
    private readonly gallery: GalleryModel,
    sources: readonly vscode.Uri[],
    thumbnailFolder: vscode.Uri,
    thumbnailOf: (name: string) => string | undefined,
  ) {
    this.walk = new GalleryWalk(
      () => ({
        gallery: datasetKey(sources),
        title: datasetTitle(sources),
        tiles: gallery.state.tiles,
        classes: gallery.state.dataset?.classes ?? noClasses,
        choice: gallery.state.view,
        shown: this.shown,
        thumbnailOf,
        roots: [thumbnailFolder, ...this.folders],
      }),
      (name) => this.goTo(name, false),
    );
  }

  /** From now on there are samples to go to. */
  enter(dataset: OpenedDataset): void {
    this.dataset = dataset;
    this.folders = foldersOf(dataset.list);
    this.panels.offerWalk(this.walk, (picture) => this.resumed(picture));
  }

  /** The samples are gone, until there are others; the panel stays at its own. */
  leave(): void {
    this.dataset = undefined;
    this.folders = [];
  }

  dispose(): void {
    clearTimeout(this.stripTimer);
    clearTimeout(this.restTimer);
    this.panels.endWalk(this.walk);
  }

  /** The panel follows the keys; the filmstrip is told at once of another way of looking, of more samples now and then. */
  galleryChanged(now: GalleryState, before: GalleryState): void {
    const { selected } = now.view;
    if (selected !== undefined && selected !== before.view.selected) this.follow(selected);
    if (now.dataset !== before.dataset || !sameChoice(now.view, before.view)) this.tellStrip();
    else if (now.tiles !== before.tiles)
      this.stripTimer ??= setTimeout(() => this.tellStrip(), stripMilliseconds);
  }

  /** The panel shows this sample, the gallery chooses it, whoever asked. */
  goTo(name: string, focus: boolean): void {
    const dataset = this.dataset;
    const sample = dataset?.list.find(name);
    if (dataset === undefined || sample === undefined) return;
    const { among, datasetClasses } = this.amongChoices();
    const model = modelKey(dataset, among);
    // A model that was chosen in the panel stays until another is chosen in the gallery.
    const sameModel = this.panels.isWalking(this.walk) && this.model === model;
    if (this.shown === name && sameModel && !focus) return;
    this.arrive(name, model);
    const { params, phrases } = dataset;
    const choices = {
      modelId: params.model.id,
      ...(phrases && { phrases: [...phrases] }),
      among,
    };
    const picture = vscode.Uri.file(sample.path);
    const { tiles, dataset: told } = this.gallery.state;
    const tile = tiles.find((one) => one.name === name);
    const label = labelOf(tile?.ok === true ? tile.truth : undefined, told?.classes ?? noClasses);
    const asked = { ...(sameModel ? {} : choices), label, datasetClasses };
    this.panels.walk(this.walk, { picture, choices: asked }, focus);
  }

  /** Where a panel is open. */
  private follow(name: string): void {
    clearTimeout(this.restTimer);
    this.restTimer = setTimeout(() => {
      if (this.panels.isWalking(this.walk)) this.goTo(name, false);
    }, restMilliseconds);
  }

  /** After a reload: the panel that stands beside belongs to this gallery again. */
  private resumed(picture: vscode.Uri): void {
    const dataset = this.dataset;
    const sample = dataset?.list.findFile(picture.fsPath);
    if (dataset === undefined || sample === undefined) return;
    this.arrive(sample.name, modelKey(dataset, this.amongChoices().among));
    this.tellStrip();
  }

  /** Which classes the answers are taken among, as the panel knows them: by their names. */
  private amongChoices(): Pick<PanelChoices, 'among' | 'datasetClasses'> {
    const { asked, view, dataset } = this.gallery.state;
    const { among, classes = noClasses } = dataset ?? {};
    return {
      among: view.among ? (asked.among ?? { of: 'dataset' }) : amongAll,
      datasetClasses:
        among?.of === 'dataset'
          ? among.classes.flatMap((index) => labelOf(index, classes) ?? [])
          : [],
    };
  }

  private arrive(name: string, model: string): void {
    this.model = model;
    this.shown = name;
    this.gallery.update((state) => ({ ...state, view: { ...state.view, selected: name } }));
    clearTimeout(this.restTimer);
  }

  private tellStrip(): void {
    clearTimeout(this.stripTimer);
    this.stripTimer = undefined;
    this.panels.walkChanged(this.walk);
  }
}

/** Always the same: another list would be another order. */
const noClasses: readonly string[] = [];

function modelKey({ params, phrases }: OpenedDataset, among: AmongChoice): string {
  return JSON.stringify([params.model.id, phrases, among]);
}
