/**
 * What a gallery has been told. A hidden webview is gone, and messages to it with it: whoever loads
 * (again) says `ready` and is told everything that still holds.
 */
import type { GalleryProgress, Tile, ToGallery } from '../../shared/gallery-protocol';
import type { DatasetMessage } from './open-dataset';

/** Tiles and their count travel together: a message each would keep the webview busy with drawing. */
const gatherMilliseconds = 100;
const tilesAMessage = 500;

export class GalleryMailbox {
  private listening = false;
  private lastDataset: DatasetMessage | undefined;
  private lastTiles: Tile[] = [];
  private lastProgress: GalleryProgress | undefined;
  private selected: string | undefined;
  private sent = 0;
  /** Whether the count has gone on since it was told. */
  private countWaits = false;
  private timer: NodeJS.Timeout | undefined;

  /** @param deliver hands one message to the webview */
  constructor(private readonly deliver: (message: ToGallery) => void) {}

  get dataset(): DatasetMessage | undefined {
    return this.lastDataset;
  }

  get tiles(): readonly Tile[] {
    return this.lastTiles;
  }

  get progress(): GalleryProgress | undefined {
    return this.lastProgress;
  }

  showDataset(dataset: DatasetMessage): void {
    this.lastDataset = dataset;
    this.lastTiles = [];
    this.sent = 0;
    this.deliverIfReady(dataset);
  }

  /** The first one goes at once. */
  addTile(tile: Tile): void {
    this.lastTiles.push(tile);
    if (this.lastTiles.length === 1) this.deliverTiles();
    else this.timer ??= setTimeout(() => this.deliverGathered(), gatherMilliseconds);
  }

  /** Only the count of a run that goes on waits a moment. */
  showProgress(progress: GalleryProgress): void {
    const goesOn = progress.kind === 'running' && this.lastProgress?.kind === 'running';
    this.lastProgress = progress;
    if (goesOn && this.timer !== undefined) {
      this.countWaits = true;
      return;
    }
    if (progress.kind !== 'running') this.deliverTiles();
    this.countWaits = false;
    this.deliverIfReady({ kind: 'progress', progress });
  }

  /** The sample that the gallery itself has chosen. */
  remember(name: string): void {
    this.selected = name;
  }

  /** The person went to this sample elsewhere. */
  select(name: string): void {
    this.selected = name;
    this.deliverIfReady({ kind: 'select', name });
  }

  /** An answer to a question that only the webview in front has asked. */
  answer(message: ToGallery): void {
    this.deliverIfReady(message);
  }

  ready(): void {
    this.listening = true;
    this.sent = 0;
    if (this.lastDataset) this.deliverIfReady(this.lastDataset);
    this.deliverTiles();
    if (this.selected !== undefined) this.deliverIfReady({ kind: 'select', name: this.selected });
    if (this.lastProgress) this.deliverIfReady({ kind: 'progress', progress: this.lastProgress });
  }

  /** The webview was hidden: what is posted now waits for the next `ready`. */
  hidden(): void {
    this.listening = false;
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.listening = false;
  }

  private deliverGathered(): void {
    this.deliverTiles();
    if (this.countWaits && this.lastProgress) {
      this.countWaits = false;
      this.deliverIfReady({ kind: 'progress', progress: this.lastProgress });
    }
  }

  private deliverTiles(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    while (this.listening && this.sent < this.lastTiles.length) {
      const tiles = this.lastTiles.slice(this.sent, this.sent + tilesAMessage);
      this.sent += tiles.length;
      this.deliver({ kind: 'tiles', tiles });
    }
  }

  private deliverIfReady(message: ToGallery): void {
    if (this.listening) this.deliver(message);
  }
}
