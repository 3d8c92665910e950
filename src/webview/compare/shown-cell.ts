/** A cell's map as it is drawn. */
import type { MethodInfo } from '../../shared/explanation';
import type { Cell, CellOutcome } from '../../shared/compare/comparison-state';
import { drawHeatmap, type DrawnHeatmap, type HeatmapStyle } from '../draw-heatmap';
import { divergingName, sequentialName, type Looks } from '../view-state';

export type MapOutcome = Extract<CellOutcome, { kind: 'map' }>;

export interface ShownCell {
  readonly outcome: MapOutcome;
  readonly drawn: DrawnHeatmap;
  readonly style: HeatmapStyle;
}

export function styleFor(method: MethodInfo | undefined, look: Looks): HeatmapStyle {
  const signed = method?.signed === true;
  const { drawing, otsu } = look;
  return { colourMap: signed ? divergingName(look) : sequentialName(look), drawing, signed, otsu };
}

export function shownCell(outcome: MapOutcome, style: HeatmapStyle): ShownCell {
  return { outcome, style, drawn: drawHeatmap(outcome.heatmap, style) };
}

export function mapOf(cell: Cell | undefined): MapOutcome | undefined {
  return cell?.outcome.kind === 'map' ? cell.outcome : undefined;
}
