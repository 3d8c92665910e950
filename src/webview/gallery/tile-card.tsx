/** One sample: its small picture, the evidence over it, and what the model said. */
import { useMemo } from 'preact/hooks';
import { formatShare, formatStrength } from '../../shared/format-number';
import type { ExplainedTile, Tile, TilePicture } from '../../shared/gallery/tile';
import { isWrong } from '../../shared/gallery/choose-tiles';
import { shortName } from '../../shared/class-name';
import type { GalleryDataset } from '../../shared/gallery/gallery-state';
import { bytesOf, Overlay } from './overlay';

interface Props {
  readonly tile: Tile;
  /** Undefined until it is told. */
  readonly picture: TilePicture | undefined;
  readonly dataset: GalleryDataset;
  /** Whether the answer is that among some classes; then that among all stands beside it. */
  readonly isAmong: boolean;
  /** Whether evidence against is shown too, where it is told. */
  readonly against: boolean;
  readonly side: number;
}

export function TileCard({ tile, picture, dataset, isAmong, against, side }: Props) {
  const { classes, colourMap, grid } = dataset;
  const { map = '', bothSigns } = picture ?? {};
  const diverging = against && bothSigns !== undefined;
  const shown = diverging ? bothSigns : map;
  const positions = useMemo(() => bytesOf(shown), [shown]);
  if (!tile.ok) {
    return (
      <>
        <Unseen text={`${tile.name}: `} />
        <span class="tile-picture unreadable" style={{ height: `${side}px` }}>
          {tile.message}
        </span>
        <span class="tile-answer">Could not be read</span>
        <span class="tile-truth" aria-hidden="true">
          {tile.name}
        </span>
      </>
    );
  }
  const wrong = isWrong(tile);
  return (
    <>
      <Unseen text={tile.truthRank === 0 ? `${tile.name}, right: ` : `${tile.name}: `} />
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
        <span class="tile-share">{strengthOf(tile, dataset)}</span>
      </span>
      <span class="tile-truth">{truthOf(tile, classes)}</span>
      {isAmong && tile.other && (
        <span class="tile-truth" data-testid="among-all">
          {`among all: ${shortName(classes, tile.other.answer)} ${formatStrength(tile.other)}`}
        </span>
      )}
    </>
  );
}

/** Of a model that gives the probability of one class alone, that one: as the panel tells it. */
function strengthOf(tile: ExplainedTile, { classes, oneSideNamed }: GalleryDataset): string {
  return oneSideNamed === true && tile.answer === 0 && tile.probability !== undefined
    ? `${shortName(classes, 1)} ${formatShare(1 - tile.probability)}`
    : formatStrength(tile);
}

function truthOf(tile: ExplainedTile, classes: readonly string[]): string {
  const { label, truth } = tile;
  if (truth !== undefined) return `is ${shortName(classes, truth)}`;
  return label ?? tile.name;
}

/** For screen readers, which name a tile by what it holds. */
function Unseen({ text }: { readonly text: string }) {
  return <span class="unseen">{text}</span>;
}
