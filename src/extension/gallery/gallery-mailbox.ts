/**
 * What a gallery has been told. A hidden webview is gone, and messages to it with it: whoever loads
 * (again) says `ready` and is told everything that still holds.
 */
import type { GalleryProgress, Tile, ToGallery } from '../../shared/gallery-protocol';
import type { DatasetMessage } from './open-dataset';

/** Tiles and their count travel together: a message each would keep the webview busy with drawing. */
const GATHER_MILLISECONDS = 100;
const TILES_A_MESSAGE = 500;

export class GalleryMailbox {
  #listening = false;
  #dataset: DatasetMessage | undefined;
  #tiles: Tile[] = [];
  #progress: GalleryProgress | undefined;
  #selected: string | undefined;
  #sent = 0;
  /** Whether the count has gone on since it was told. */
  #countWaits = false;
  #timer: NodeJS.Timeout | undefined;

  /** @param deliver hands one message to the webview */
  constructor(private readonly deliver: (message: ToGallery) => void) {}

  get dataset(): DatasetMessage | undefined {
    return this.#dataset;
  }

  get tiles(): readonly Tile[] {
    return this.#tiles;
  }

  get progress(): GalleryProgress | undefined {
    return this.#progress;
  }

  showDataset(dataset: DatasetMessage): void {
    this.#dataset = dataset;
    this.#tiles = [];
    this.#sent = 0;
    this.#deliver(dataset);
  }

  /** The first one goes at once. */
  addTile(tile: Tile): void {
    this.#tiles.push(tile);
    if (this.#tiles.length === 1) this.#deliverTiles();
    else this.#timer ??= setTimeout(() => this.#deliverGathered(), GATHER_MILLISECONDS);
  }

  /** Only the count of a run that goes on waits a moment. */
  showProgress(progress: GalleryProgress): void {
    const goesOn = progress.kind === 'running' && this.#progress?.kind === 'running';
    this.#progress = progress;
    if (goesOn && this.#timer !== undefined) {
      this.#countWaits = true;
      return;
    }
    if (progress.kind !== 'running') this.#deliverTiles();
    this.#countWaits = false;
    this.#deliver({ kind: 'progress', progress });
  }

  /** The sample that the gallery itself has chosen. */
  remember(name: string): void {
    this.#selected = name;
  }

  /** The person went to this sample elsewhere. */
  select(name: string): void {
    this.#selected = name;
    this.#deliver({ kind: 'select', name });
  }

  /** An answer to a question that only the webview in front has asked. */
  answer(message: ToGallery): void {
    this.#deliver(message);
  }

  ready(): void {
    this.#listening = true;
    this.#sent = 0;
    if (this.#dataset) this.#deliver(this.#dataset);
    this.#deliverTiles();
    if (this.#selected !== undefined) this.#deliver({ kind: 'select', name: this.#selected });
    if (this.#progress) this.#deliver({ kind: 'progress', progress: this.#progress });
  }

  /** The webview was hidden: what is posted now waits for the next `ready`. */
  hidden(): void {
    this.#listening = false;
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#listening = false;
  }

  #deliverGathered(): void {
    this.#deliverTiles();
    if (this.#countWaits && this.#progress) {
      this.#countWaits = false;
      this.#deliver({ kind: 'progress', progress: this.#progress });
    }
  }

  #deliverTiles(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    while (this.#listening && this.#sent < this.#tiles.length) {
      const tiles = this.#tiles.slice(this.#sent, this.#sent + TILES_A_MESSAGE);
      this.#sent += tiles.length;
      this.deliver({ kind: 'tiles', tiles });
    }
  }

  #deliver(message: ToGallery): void {
    if (this.#listening) this.deliver(message);
  }
}
