/** The maps beside each other: a grid that is one stop of the tab key, with one pointer and one zoom for all. */
import type { TargetedKeyboardEvent } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { cellKey, type CellAddress, type Comparison } from '../../shared/compare/comparison';
import type { Cell, ComparisonState } from '../../shared/compare/comparison-state';
import { moveCell } from '../patch-cursor';
import { cellName, itemName } from './axis-words';
import type { Neighbour } from './cell-words';
import type { ComparisonView } from './comparison-page';
import { gridStep } from './grid-step';
import { MapCell } from './map-cell';
import { cellUnder, middleOf, pointerAt, type SharedPointer } from './shared-pointer';
import { showing, type ShownPart } from './shared-zoom';
import type { ShownCell } from './shown-cell';
import { useSharedZoom } from './use-shared-zoom';

interface Props {
  readonly state: ComparisonState;
  readonly asked: Comparison;
  readonly rows: readonly (readonly CellAddress[])[];
  /** Both by `cellKey`. */
  readonly cells: ReadonlyMap<string, Cell>;
  readonly shown: ReadonlyMap<string, ShownCell>;
  readonly view: ComparisonView;
  readonly pointer: SharedPointer | undefined;
  readonly onPointer: (pointer: SharedPointer | undefined) => void;
  readonly onPart: (part: ShownPart) => void;
  readonly onMark: (key: string) => void;
  readonly onOpen: (address: CellAddress) => void;
}

export function MapGrid(props: Props) {
  const { state, asked, rows, cells, shown, view, pointer, onPointer, onPart } = props;
  const { onMark, onOpen } = props;
  const grid = useRef<HTMLDivElement>(null);
  const [chosen, setChosen] = useState('');
  useSharedZoom(grid, view.part, onPart);
  const addresses = rows.flat();
  const current = addresses.find((address) => cellKey(address) === chosen) ?? addresses[0];
  const inFlow = asked.rows === 'none';

  const neighbour = (address: CellAddress | undefined): Neighbour | undefined => {
    const cell = address && shown.get(cellKey(address));
    return cell && { name: cellName(state, asked, address), cell };
  };
  const goTo = (key: string): void => {
    setChosen(key);
    const found = [...(grid.current?.querySelectorAll<HTMLElement>('[data-key]') ?? [])];
    found.find(({ dataset }) => dataset.key === key)?.focus();
  };
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLDivElement>): void => {
    const { target, ctrlKey, metaKey, altKey } = event;
    const onButton = target instanceof HTMLElement && target.closest('button') !== null;
    if (ctrlKey || metaKey || altKey || onButton || current === undefined) return;
    const work = workOf(event, current, event.currentTarget);
    if (work === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    work();
  };
  /** What a key does at a cell; undefined for keys that are not of the grid. */
  const workOf = (
    { key, shiftKey }: Pick<KeyboardEvent, 'key' | 'shiftKey'>,
    at: CellAddress,
    element: HTMLElement,
  ): (() => void) | undefined => {
    const isInMap = pointer?.by === 'key';
    if (key.toLowerCase() === 'm') return () => onMark(cellKey(at));
    if (key.toLowerCase() === 'p') return () => onOpen(at);
    if (key === 'Escape') return isInMap ? () => onPointer(undefined) : undefined;
    if (isInMap || key === 'Enter') return movePointer(key, shiftKey, shown.get(cellKey(at)));
    const across = inFlow ? columnsInSight(element) : undefined;
    const next = gridStep(
      key,
      rows.map((row) => row.map(cellKey)),
      cellKey(at),
      across,
    );
    return next === undefined ? undefined : () => goTo(next);
  };
  const movePointer = (key: string, far: boolean, cell: ShownCell | undefined) => {
    if (cell === undefined) return undefined;
    const { picture, window, shown: map } = cell;
    const before =
      pointer?.by === 'key' ? cellUnder(pointer, picture, window, map.shape) : undefined;
    const patch = moveCell(before, before === undefined ? 'ArrowRight' : key, map.shape, far);
    if (patch === undefined) return undefined;
    const moved = pointerAt(picture, window, middleOf(patch, map.shape), 'key');
    return () => {
      onPointer(moved);
      onPart(showing(view.part, moved.place));
    };
  };

  return (
    <div
      ref={grid}
      class="map-grid"
      data-testid="grid"
      data-flow={inFlow}
      data-zoomed={view.part.zoom > 1}
      role="grid"
      aria-label="Maps"
      aria-multiselectable
      style={{ '--columns': String(rows[0]?.length ?? 1) }}
      onKeyDown={onKeyDown}
      onPointerLeave={() => onPointer(undefined)}
    >
      {!inFlow && (
        <div role="row" class="map-row">
          {rows[0]?.map((address) => (
            <div key={cellKey(address)} role="columnheader" class="column-heading">
              {itemName(state, asked.columns, address[asked.columns])}
            </div>
          ))}
        </div>
      )}
      {rows.map((row, at) => (
        <div key={at} role="row" class="map-row">
          {asked.rows !== 'none' && (
            <div role="rowheader" class="row-heading">
              {itemName(state, asked.rows, row[0]?.[asked.rows] ?? '')}
            </div>
          )}
          {row.map((address, column) => {
            const key = cellKey(address);
            const name = cellName(state, asked, address);
            return (
              <MapCell
                key={key}
                id={key}
                name={name}
                heading={inFlow ? name : undefined}
                cell={cells.get(key)}
                shown={shown.get(key)}
                left={neighbour(row[column - 1])}
                above={neighbour(rows[at - 1]?.[column])}
                picture={state.drawn.find(
                  ({ uri, modelId }) => uri === address.pictures && modelId === address.models,
                )}
                busy={state.activity.kind === 'busy'}
                view={view}
                pointer={pointer}
                isCurrent={address === current}
                onFocus={() => setChosen(key)}
                onPointer={onPointer}
                onMark={() => onMark(key)}
                onOpen={() => onOpen(address)}
              />
            );
          })}
        </div>
      ))}
    </div>
  );
}

/** How many cells stand beside each other in one row that is laid out as it fits. */
function columnsInSight(grid: HTMLElement): number {
  const cells = [...grid.querySelectorAll<HTMLElement>('[data-key]')];
  const [first] = cells;
  const next = cells.findIndex(({ offsetTop }) => offsetTop > (first?.offsetTop ?? 0));
  return next < 0 ? cells.length : next;
}
