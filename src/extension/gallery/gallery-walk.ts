/** A person's way through the samples of a gallery: as it filters and orders them, in sight or not. */
import type * as vscode from 'vscode';
import {
  chooseTiles,
  isWrong,
  sameChoice,
  type SampleChoice,
} from '../../shared/gallery/choose-tiles';
import { shortName } from '../../shared/class-name';
import type { Filmstrip, Frame, FrameRange } from '../../shared/filmstrip';
import type { Tile } from '../../shared/gallery/tile';
import type { SampleWalk } from '../panel/sample-walk';

/** Samples told on either side of the one that is shown. */
const framesAround = 40;
/** And on either side of what someone looks at elsewhere. */
const beside = 20;
/** More than fits on any screen: what a panel may ask for at once. */
const mostFrames = 400;

export interface WalkedGallery {
  readonly gallery: string;
  readonly title: string;
  readonly tiles: readonly Tile[];
  readonly classes: readonly string[];
  /** Which of them the gallery shows, and in what order. */
  readonly choice: SampleChoice;
  /** Name of the sample that the panel shows. */
  readonly shown: string | undefined;
  readonly roots: readonly vscode.Uri[];
  /** Address of a sample's small picture. */
  readonly thumbnailOf: (name: string) => string | undefined;
}

export class GalleryWalk implements SampleWalk {
  private order: readonly Tile[] = [];
  /** What that is the order of. */
  private ordered: WalkedGallery | undefined;
  /** Where the sample that is shown stood last. */
  private near = 0;

  /** @param onGo the person went to this sample */
  constructor(
    private readonly of: () => WalkedGallery,
    private readonly onGo: (name: string) => void,
  ) {}

  get gallery(): string {
    return this.of().gallery;
  }

  get roots(): readonly vscode.Uri[] {
    return this.of().roots;
  }

  filmstrip(range: FrameRange | undefined): Omit<Filmstrip, 'shown'> {
    const { gallery, title, tiles, classes, thumbnailOf } = this.of();
    const order = this.chosenTiles();
    const at = this.place();
    const middle = at ?? this.near;
    const around = { first: middle - framesAround, end: middle + framesAround + 1 };
    // What is in sight; around the sample where that is in sight or nothing is known of it.
    const wanted =
      range === undefined || meet(range, around)
        ? {
            first: Math.min(around.first, range?.first ?? Infinity),
            end: Math.max(around.end, range?.end ?? 0),
          }
        : { first: range.first - beside, end: range.end + beside };
    const current = at === undefined ? undefined : order[at];
    const first = Math.max(0, Math.min(wanted.first, order.length));
    const frames = order.slice(first, Math.min(wanted.end, first + mostFrames));
    return {
      gallery,
      title,
      total: order.length,
      all: tiles.length,
      at,
      near: Math.min(this.near, order.length),
      current: current && frameOf(current, classes, thumbnailOf(current.name)),
      first,
      frames: frames.map((tile) => frameOf(tile, classes, thumbnailOf(tile.name))),
    };
  }

  goTo(place: number, name: string | undefined): void {
    const order = this.chosenTiles();
    const named = name === undefined ? undefined : order.find((tile) => tile.name === name);
    const tile = named ?? order[place];
    if (tile !== undefined) this.onGo(tile.name);
  }

  step(by: 1 | -1): void {
    const at = this.place();
    const place = at === undefined ? this.near + (by > 0 ? 0 : -1) : at + by;
    this.goTo(place, undefined);
  }

  private place(): number | undefined {
    const at = this.chosenTiles().findIndex(({ name }) => name === this.of().shown);
    if (at < 0) return undefined;
    this.near = at;
    return at;
  }

  /** In their order; made anew when someone asks after a change. */
  private chosenTiles(): readonly Tile[] {
    const { ordered } = this;
    const now = this.of();
    const { tiles, classes, choice } = now;
    if (
      tiles !== ordered?.tiles ||
      classes !== ordered.classes ||
      !sameChoice(choice, ordered.choice)
    ) {
      this.order = chooseTiles(tiles, choice, classes);
      this.ordered = now;
    }
    return this.order;
  }
}

function meet(one: FrameRange, other: FrameRange): boolean {
  return one.first < other.end && other.first < one.end;
}

function frameOf(tile: Tile, classes: readonly string[], thumbnail: Frame['thumbnail']): Frame {
  const { name } = tile;
  if (!tile.ok) {
    return {
      name,
      thumbnail: undefined,
      answer: tile.message,
      probability: undefined,
      verdict: 'unreadable',
      truth: undefined,
    };
  }
  const { answer, probability, value, truth, truthRank } = tile;
  return {
    name,
    thumbnail,
    answer: shortName(classes, answer),
    probability,
    value,
    verdict: truthRank === undefined ? 'unknown' : isWrong(tile) ? 'wrong' : 'right',
    truth: truth === undefined ? undefined : shortName(classes, truth),
  };
}
