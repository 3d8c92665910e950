/** One sample: its small picture, the evidence over it, and what the model said. */
import { useMemo } from 'preact/hooks';
import { formatStrength } from '../../shared/format-number';
import type { Tile, TilePicture } from '../../shared/gallery/tile';
import { isWrong } from '../../shared/gallery/choose-tiles';
import { shortName } from '../../shared/class-name';
import type { GalleryDataset } from '../../shared/gallery/gallery-state';
import { bytesOf, Overlay } from './overlay';

interface Props {
  readonly tile: Tile;
  /** Undefined until it is told. */
  readonly picture: TilePicture | undefined;
  readonly dataset: GalleryDataset;
  /** Whether evidence against is shown too, where it is told. */
  readonly against: boolean;
  readonly side: number;
}

export function TileCard({ tile, picture, dataset, against, side }: Props) {
  const { classes, colourMap, grid } = dataset;
  const { map = '', bothSigns } = picture ?? {};
  const diverging = against && bothSigns !== undefined;
  const shown = diverging ? bothSigns : map;
  const positions = useMemo(() => bytesOf(shown), [shown]);
  if (!tile.ok) {
    return (
      <>
        <span class="tile-picture unreadable" style={{ height: `${side}px` }}>
          {tile.message}
        </span>
        <span class="tile-answer">Could not be read</span>
        <span class="tile-truth">{tile.name}</span>
      </>
    );
  }
  const wrong = isWrong(tile);
  return (
    <>
      <span class="tile-picture" style={{ height: `${side}px` }}>
        {picture && (
          <>
            <img src={picture.thumbnail} alt="" draggable={false} />
            <Overlay
              class="tile-map"
              positions={positions}
              grid={grid}
              colourMap={colourMap}
              diverging={diverging}
              over
            />
          </>
        )}
        {wrong && <span class="tile-mark">wrong</span>}
      </span>
      <span class="tile-answer">
        <span class="tile-class">{shortName(classes, tile.answer)}</span>
        <span class="tile-share">{formatStrength(tile)}</span>
      </span>
      <span class="tile-truth">{truthOf(tile, classes)}</span>
    </>
  );
}

/** What a screen reader says of a tile. */
export function describeTile(tile: Tile, classes: readonly string[]): string {
  if (!tile.ok) return `${tile.name}: ${tile.message}`;
  const answer = `${shortName(classes, tile.answer)}, ${formatStrength(tile)}`;
  const truth =
    tile.truth === undefined
      ? ''
      : isWrong(tile)
        ? `, wrong: it is ${shortName(classes, tile.truth)}`
        : ', right';
  return `${tile.name}: ${answer}${truth}`;
}

function truthOf(tile: Extract<Tile, { ok: true }>, classes: readonly string[]): string {
  const { label, truth } = tile;
  if (truth !== undefined) return `is ${shortName(classes, truth)}`;
  return label ?? tile.name;
}
