/** The maps beside each other: a grid that is one stop of the tab key, with one pointer and one zoom for all. */
import type { TargetedKeyboardEvent } from 'preact';
import { useMemo, useRef, useState } from 'preact/hooks';
import { cellKey, type CellAddress, type Comparison } from '../../shared/compare/comparison';
import type { Cell, ComparisonState } from '../../shared/compare/comparison-state';
import { moveCell } from '../patch-cursor';
import { cellName, itemName } from './axis-words';
import type { ComparisonView } from './comparison-page';
import { gridStep } from './grid-step';
import { MapCell } from './map-cell';
import { cellUnder, middleOf, pointerAt, type SharedPointer } from './shared-pointer';
import { showing, type ShownPart } from './shared-zoom';
import { mapOf } from './shown-cell';
import { useSharedZoom } from './use-shared-zoom';

interface Props {
  readonly state: ComparisonState;
  readonly asked: Comparison;
  readonly rows: readonly (readonly CellAddress[])[];
  readonly cells: ReadonlyMap<string, Cell>;
  readonly view: ComparisonView;
  readonly pointer: SharedPointer | undefined;
  readonly onPointer: (pointer: SharedPointer | undefined) => void;
  readonly onPart: (part: ShownPart) => void;
  readonly onMark: (key: string) => void;
  readonly onOpen: (address: CellAddress) => void;
}

export function MapGrid(props: Props) {
  const { state, asked, rows, cells, view, pointer, onPointer, onPart, onMark, onOpen } = props;
  const grid = useRef<HTMLDivElement>(null);
  const [current, setCurrent] = useState('');
  useSharedZoom(grid, view.part, onPart);
  const keys = useMemo(() => rows.map((row) => row.map(cellKey)), [rows]);
  const flat = keys.flat();
  const currentKey = flat.includes(current) ? current : flat[0];
  const inFlow = asked.rows === 'none';

  const focus = (key: string | undefined): void => {
    if (key === undefined) return;
    setCurrent(key);
    const cell = [...(grid.current?.querySelectorAll<HTMLElement>('[data-key]') ?? [])];
    cell.find(({ dataset }) => dataset.key === key)?.focus();
  };
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLDivElement>): void => {
    const { key, target } = event;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const address = rows.flat()[flat.indexOf(currentKey ?? '')];
    if (address === undefined || !(target instanceof HTMLElement)) return;
    if (target.closest('button') !== null) return;
    const done = handleKey(key, event.shiftKey, address, event.currentTarget);
    if (!done) return;
    event.preventDefault();
    event.stopPropagation();
  };
  const handleKey = (key: string, far: boolean, address: CellAddress, element: HTMLElement) => {
    if (key.toLowerCase() === 'm') return run(() => onMark(cellKey(address)));
    if (key.toLowerCase() === 'p') return run(() => onOpen(address));
    const isInMap = pointer?.by === 'key';
    if (key === 'Escape') return isInMap && run(() => onPointer(undefined));
    if (isInMap || key === 'Enter') return movePointer(key, far, address);
    const next = gridStep(key, keys, currentKey, inFlow ? columnsInSight(element) : undefined);
    return next !== undefined && run(() => focus(next));
  };
  const movePointer = (key: string, far: boolean, address: CellAddress): boolean => {
    const map = mapOf(cells.get(cellKey(address)));
    if (map === undefined) return false;
    const { shape } = map.heatmap;
    const before =
      pointer?.by === 'key' ? cellUnder(pointer, address.pictures, map.window, shape) : undefined;
    const cell = moveCell(before, before === undefined ? 'ArrowRight' : key, shape, far);
    if (cell === undefined) return false;
    const moved = pointerAt(address.pictures, map.window, middleOf(cell, shape), 'key');
    onPointer(moved);
    onPart(showing(view.part, moved.place));
    return true;
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
      aria-rowcount={inFlow ? 1 : rows.length + 1}
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
            return (
              <MapCell
                key={key}
                id={key}
                name={cellName(state, asked, address)}
                heading={inFlow ? cellName(state, asked, address) : undefined}
                address={address}
                cell={cells.get(key)}
                left={neighbour(row[column - 1])}
                above={neighbour(rows[at - 1]?.[column])}
                method={state.methods.find(({ id }) => id === address.methods)}
                picture={state.drawn.find(
                  ({ uri, modelId }) => uri === address.pictures && modelId === address.models,
                )}
                busy={state.activity.kind === 'busy'}
                view={view}
                pointer={pointer}
                isCurrent={key === currentKey}
                onFocus={() => setCurrent(key)}
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

  function neighbour(address: CellAddress | undefined) {
    if (address === undefined) return undefined;
    const map = mapOf(cells.get(cellKey(address)));
    return map && { name: cellName(state, asked, address), map, picture: address.pictures };
  }
}

function run(work: () => void): true {
  work();
  return true;
}

/** How many cells stand beside each other in one row that is laid out as it fits. */
function columnsInSight(grid: HTMLElement): number {
  const cells = [...grid.querySelectorAll<HTMLElement>('[data-key]')];
  const [first] = cells;
  const next = cells.findIndex(({ offsetTop }) => offsetTop > (first?.offsetTop ?? 0));
  return next < 0 ? cells.length : next;
}
