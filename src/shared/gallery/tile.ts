/** What a gallery shows of one sample: what it is chosen by, of all, and what is drawn, of those in sight. */
import type { SortingFigureName } from '../sample-figures';

export type Tile = ExplainedTile | BrokenTile;

export interface ExplainedTile extends Readonly<
  Partial<Record<SortingFigureName, number | undefined>>
> {
  readonly ok: true;
  readonly name: string;
  readonly label?: string | undefined;
  readonly truth?: number | undefined;
  /** Place of the truth among all classes, from 0. */
  readonly truthRank?: number | undefined;
  readonly answer: number;
  /** Left out where the model gives values. */
  readonly probability?: number | undefined;
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
