/** What a gallery shows of one sample: what it is chosen by, of all, and what is drawn, of those in sight. */
import type { SortingFigureName } from '../sample-figures';

export type Tile = ExplainedTile | BrokenTile;

/** What a model answers to a sample, among all classes or among some. */
export interface TileAnswer {
  /** Place of the truth among the classes, from 0; undefined where it is none of them. */
  readonly truthRank?: number | undefined;
  readonly answer: number;
  /** Left out where the model gives values. */
  readonly probability?: number | undefined;
  readonly loss?: number | undefined;
}

export interface ExplainedTile
  extends TileAnswer, Readonly<Partial<Record<SortingFigureName, number | undefined>>> {
  readonly ok: true;
  readonly name: string;
  readonly label?: string | undefined;
  readonly truth?: number | undefined;
  /** The other answer: that among some classes, where it is taken too; of a tile that is seen by that one, the one among all. */
  readonly other?: TileAnswer | undefined;
  readonly value?: number | undefined;
  /** Why the share of evidence outside the object may be wrong, or is left out. */
  readonly doubt?: string | undefined;
}

export interface BrokenTile {
  readonly ok: false;
  readonly name: string;
  readonly label?: string | undefined;
  readonly message: string;
}

/** A tile by its other answer, where it has one. */
export function byOtherAnswer(tile: Tile): Tile {
  if (!tile.ok || tile.other === undefined) return tile;
  const { truthRank, answer, probability, loss } = tile;
  // What the other one lacks is not known of it.
  const nothing = { truthRank: undefined, probability: undefined, loss: undefined };
  return { ...tile, ...nothing, ...tile.other, other: { truthRank, answer, probability, loss } };
}

export interface TilePicture {
  /** Of the sample. */
  readonly name: string;
  /** Address of a small picture of what the model sees. */
  readonly thumbnail: string;
  /** Base64 of a byte a patch, row by row, from the least to the most relevance that is shown at first. */
  readonly map: string;
  /** The same for and against, around the middle; left out where a method does not tell both. */
  readonly bothSigns?: string;
}
