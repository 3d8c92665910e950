/** The maps of a comparison as they are drawn: what of them, and on which scale. */
import type { Looks } from '../../shared/panel/looks';
import type { ColourScale } from '../../shared/colour-scale';
import { cellKey } from '../../shared/compare/comparison';
import type { Cell, CellOutcome } from '../../shared/compare/comparison-state';
import type { PlacedMap } from '../../shared/compare/align-maps';
import type { MethodInfo } from '../../shared/explanation';
import { shownMap, type ShownMap } from '../../shared/shown-map';
import type { HeatmapStyle } from '../draw-heatmap';
import { divergingName, drawingOf, lookOf, sequentialName } from '../view-state';

export type MapOutcome = Extract<CellOutcome, { kind: 'map' }>;

export interface ShownCell extends MapOutcome {
  readonly key: string;
  readonly picture: string;
  readonly model: string;
  readonly method: MethodInfo | undefined;
  readonly shown: ShownMap;
}

/** A map that is looked at in the same way is drawn once, however many come after it. */
const made = new WeakMap<CellOutcome, { readonly by: string; readonly cell: ShownCell }>();

/** Those that are maps, by `cellKey`. */
export function shownCells(
  cells: readonly Cell[],
  methods: readonly MethodInfo[],
  look: Looks,
): ReadonlyMap<string, ShownCell> {
  const found = cells.flatMap(({ address, outcome }): readonly ShownCell[] => {
    if (outcome.kind !== 'map') return [];
    const method = methods.find(({ id }) => id === address.methods);
    const wanted = lookOf(look, method);
    const { signed = false, pixels = false } = method ?? {};
    const by = JSON.stringify([wanted, signed, pixels]);
    const before = made.get(outcome);
    if (before?.by === by) return [before.cell];
    const { pictures: picture, models: model } = address;
    const shown = shownMap(outcome.heatmap, { signed, pixels }, outcome.grid, wanted);
    const cell = { ...outcome, key: cellKey(address), picture, model, method, shown };
    made.set(outcome, { by, cell });
    return [cell];
  });
  return new Map(found.map((cell) => [cell.key, cell]));
}

/** The same maps, those of a method on one scale: from the least to the most that any of their scales has. */
export function onCommonScale(
  cells: ReadonlyMap<string, ShownCell>,
): ReadonlyMap<string, ShownCell> {
  const scales = new Map<string, ColourScale>();
  for (const { method, shown } of cells.values()) {
    const id = method?.id ?? '';
    const before = scales.get(id);
    scales.set(id, before === undefined ? shown.scale : joined(before, shown.scale));
  }
  const alike = [...cells].map(([key, cell]) => {
    const scale = scales.get(cell.method?.id ?? '') ?? cell.shown.scale;
    return [key, { ...cell, shown: { ...cell.shown, scale } }] as const;
  });
  return new Map(alike);
}

function joined(one: ColourScale, other: ColourScale): ColourScale {
  return {
    low: Math.min(one.low, other.low),
    high: Math.max(one.high, other.high),
    diverging: one.diverging || other.diverging,
    clipped: one.clipped || other.clipped,
  };
}

export function styleOf(
  { shown, method }: Pick<ShownCell, 'shown' | 'method'>,
  look: Looks,
): HeatmapStyle {
  return {
    colourMap: shown.scale.diverging ? divergingName(look) : sequentialName(look),
    smooth: drawingOf(look, method) === 'smooth',
    otsu: look.otsu,
  };
}

/** Its relevance with the sign, where it lies: what is held against another map. */
export function placedMap({ shown, grid, window, picture }: ShownCell): PlacedMap {
  return { values: shown.raw, shape: shown.shape, grid, window, picture };
}
