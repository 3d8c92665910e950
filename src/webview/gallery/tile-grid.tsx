/** All chosen samples; only those in sight are in the page, however many there are. */
import type { TargetedKeyboardEvent } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Tile, TilePicture } from '../../shared/gallery/tile';
import { useMeasured } from '../use-measured';
import type { GalleryDataset } from '../../shared/gallery/gallery-state';
import { TileCard } from './tile-card';
import { usePictures } from './use-pictures';
import { layOut, moveBy } from './visible-rows';

interface Props {
  readonly tiles: readonly Tile[];
  /** Of some that are or were in sight. */
  readonly pictures: readonly TilePicture[];
  readonly dataset: GalleryDataset;
  /** Whether answers are those among some classes. */
  readonly isAmong: boolean;
  readonly against: boolean;
  readonly overlays: boolean;
  readonly selected: string | undefined;
  /** The pictures of these are to be told. */
  readonly onSee: (names: readonly string[]) => void;
  readonly onSelect: (name: string) => void;
  /** @param focus whether the keys go to what is opened */
  readonly onOpen: (name: string, focus: boolean) => void;
}

const leastWidth = 132;
const gap = 12;
const leastCaption = 46;
const lineHeight = 20;

export function TileGrid(props: Props) {
  const { tiles, pictures, dataset, isAmong, against, overlays, selected } = props;
  const { onSelect, onOpen } = props;
  const captionHeight = leastCaption + (isAmong ? lineHeight : 0);
  const scroller = useRef<HTMLDivElement>(null);
  const inner = useRef<HTMLDivElement>(null);
  const room = useMeasured(scroller, { width: 0, height: 0, scrollTop: 0 }, (element) => ({
    width: inner.current?.clientWidth ?? 0,
    height: element.clientHeight,
    scrollTop: element.scrollTop,
  }));
  const rowHeightOf = (width: number) => width + captionHeight;
  const layout = layOut(tiles.length, room, leastWidth, gap, rowHeightOf);
  const rowHeight = rowHeightOf(layout.tileWidth) + gap;
  const found = tiles.findIndex(({ name }) => name === selected);
  const at = Math.max(0, found);

  // The chosen sample stays in sight, also when the grid changes its columns.
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null || found < 0 || room.width === 0) return;
    const top = Math.floor(found / layout.columns) * rowHeight;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + rowHeight > element.scrollTop + element.clientHeight)
      element.scrollTop = top + rowHeight - element.clientHeight;
  }, [found, layout.columns, rowHeight]);

  const onKeyDown = (event: TargetedKeyboardEvent<HTMLDivElement>): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const current = tiles[at];
    if (event.key === 'Enter' && current) {
      onOpen(current.name, event.shiftKey);
      event.preventDefault();
      return;
    }
    const page = Math.max(1, Math.floor(room.height / rowHeight));
    const next = tiles[moveBy(event.key, at, tiles.length, layout.columns, page) ?? -1];
    if (next === undefined) return;
    event.preventDefault();
    onSelect(next.name);
  };

  const shown = tiles.slice(layout.first, layout.end);
  const pictureOf = usePictures(room.width > 0 ? shown : [], pictures, props.onSee);
  return (
    <div
      ref={scroller}
      class={overlays ? 'tiles' : 'tiles originals'}
      data-testid="tiles"
      data-count={tiles.length}
      role="listbox"
      aria-label="Samples"
      aria-activedescendant={tiles.length > 0 ? `tile-${at}` : undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      <div
        ref={inner}
        class="tiles-room"
        role="presentation"
        style={{ height: `${layout.totalHeight}px` }}
      >
        {room.width > 0 &&
          shown.map((tile, offset) => {
            const index = layout.first + offset;
            const left = (index % layout.columns) * (layout.tileWidth + gap);
            const top = Math.floor(index / layout.columns) * rowHeight;
            return (
              <div
                key={tile.name}
                id={`tile-${index}`}
                class="tile"
                data-testid="tile"
                data-name={tile.name}
                role="option"
                aria-selected={index === found}
                aria-setsize={tiles.length}
                aria-posinset={index + 1}
                title={tile.name}
                style={{
                  transform: `translate(${left}px, ${top}px)`,
                  width: `${layout.tileWidth}px`,
                }}
                onClick={() => onSelect(tile.name)}
                onDblClick={() => onOpen(tile.name, false)}
              >
                <TileCard
                  tile={tile}
                  picture={pictureOf(tile.name)}
                  dataset={dataset}
                  isAmong={isAmong}
                  against={against}
                  side={layout.tileWidth}
                />
              </div>
            );
          })}
      </div>
    </div>
  );
}
