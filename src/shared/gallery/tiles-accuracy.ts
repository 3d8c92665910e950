import type { SampleChoice } from './choose-tiles';
import type { ExplainedTile, Tile } from './tile';

/** How many of the samples with a known class are answered rightly. */
export interface TilesAccuracy {
  readonly right: number;
  readonly labelled: number;
}

/**
 * @param rankOf where the truth stands among the classes, of a tile
 * @returns undefined where nothing is labelled, or where samples were chosen by whether they are right
 */
export function tilesAccuracy(
  tiles: readonly Tile[],
  { show, cell }: Pick<SampleChoice, 'show' | 'cell'>,
  rankOf = ({ truthRank }: ExplainedTile) => truthRank,
): TilesAccuracy | undefined {
  if (show === 'wrong' || cell !== undefined) return undefined;
  const ranks = tiles.flatMap((tile) => (tile.ok ? (rankOf(tile) ?? []) : []));
  const right = ranks.filter((rank) => rank === 0).length;
  return ranks.length === 0 ? undefined : { right, labelled: ranks.length };
}
