/** What is asked and known of a gallery. Its page is told of every change: of tiles several together. */
import type { DatasetSummary } from '../../shared/dataset-summary';
import { intended } from '../../shared/gallery/gallery-intents';
import {
  wantsSummary,
  type GalleryProgress,
  type GalleryState,
} from '../../shared/gallery/gallery-state';
import { galleryParts, type FromGallery, type ToGallery } from '../../shared/protocol/gallery';
import type { Tile } from '../../shared/gallery/tile';
import { StateChannel, type PageListener } from '../page/state-channel';

/** Tiles and their count travel together: a message each would keep the page busy with drawing. */
const gatherMilliseconds = 100;
/** Many tiles take the page a while to choose from and to order: it is told less often. */
const tilesAMillisecond = 50;
/** A page draws the first of many tiles before it is told the others. */
const tilesAMessage = 500;

export interface GalleryModelEvents {
  /** Hands one message to the page. */
  readonly deliver: (change: ToGallery) => void;
  /** Of all samples so far. */
  readonly summarise: () => DatasetSummary;
  readonly onChange: (now: GalleryState, before: GalleryState) => void;
}

export class GalleryModel implements PageListener<FromGallery> {
  private readonly channel: StateChannel<GalleryState, FromGallery>;
  private gathered: Tile[] = [];
  /** The count that goes with what is gathered. */
  private count: GalleryProgress | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    state: GalleryState,
    private readonly events: GalleryModelEvents,
  ) {
    this.channel = new StateChannel(galleryParts, state, intended, (change) => {
      for (const portion of inPortions(change)) events.deliver(portion);
    });
  }

  /** Without tiles that are only gathered yet. */
  get state(): GalleryState {
    return this.channel.state;
  }

  /** What is gathered comes first. */
  update(change: (state: GalleryState) => GalleryState): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const before = this.state;
    const { gathered, count: progress = before.progress } = this;
    const tiles = gathered.length === 0 ? before.tiles : [...before.tiles, ...gathered];
    this.gathered = [];
    this.count = undefined;
    this.channel.show(change({ ...before, tiles, progress }));
    this.changed(before);
  }

  set(parts: Partial<GalleryState>): void {
    this.update((state) => ({ ...state, ...parts }));
  }

  /** The first one goes at once. */
  addTile(tile: Tile, count: GalleryProgress): void {
    this.gathered.push(tile);
    this.count = count;
    if (this.state.tiles.length === 0) this.set({});
    else this.timer ??= setTimeout(() => this.set({}), this.wait);
  }

  private get wait(): number {
    return gatherMilliseconds + this.state.tiles.length / tilesAMillisecond;
  }

  ready(): void {
    if (this.state.view.tab === 'summary') this.set({ summary: this.events.summarise() });
    this.channel.ready();
  }

  hidden(): void {
    this.channel.hidden();
  }

  shown(): void {
    this.channel.shown();
  }

  hear<Result>(said: FromGallery | undefined, work: () => Result): Result {
    const before = this.state;
    return this.channel.hear(said, () => {
      this.changed(before);
      return work();
    });
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.hidden();
  }

  private changed(before: GalleryState): void {
    if (wantsSummary(before, this.state))
      this.channel.show({ ...this.state, summary: this.events.summarise() });
    this.events.onChange(this.state, before);
  }
}

function* inPortions(change: ToGallery): Generator<ToGallery> {
  const { kind, heard, changed, grown } = change;
  const tiles = changed.tiles ?? grown?.tiles ?? [];
  if (tiles.length <= tilesAMessage) {
    yield change;
    return;
  }
  const first = { tiles: tiles.slice(0, tilesAMessage) };
  yield changed.tiles === undefined
    ? { ...change, grown: { ...grown, ...first } }
    : { ...change, changed: { ...changed, ...first } };
  for (let from = tilesAMessage; from < tiles.length; from += tilesAMessage) {
    const next = { tiles: tiles.slice(from, from + tilesAMessage) };
    yield { kind, heard, changed: {}, gone: [], grown: next };
  }
}
