/** How much a picture is enlarged: 1 where all of it fits into its room. */

const largest = 16;
const step = 1.25;

export type ZoomStep = 'in' | 'out' | 'fit';

export function zoomStepped(zoom: number, by: ZoomStep): number {
  if (by === 'fit') return 1;
  return withinLimits(by === 'in' ? zoom * step : zoom / step);
}

/** @param distance of the wheel in pixels; downwards, and away by two fingers, makes smaller */
export function zoomTurned(zoom: number, distance: number): number {
  const factor = Math.exp(-distance / 300);
  return withinLimits(zoom * Math.min(2, Math.max(0.5, factor)));
}

/** Two steps there and back end at the same zoom, and near 1 all is to fit. */
function withinLimits(zoom: number): number {
  const limited = Math.min(largest, Math.max(1, zoom));
  return limited < 1.01 ? 1 : limited;
}
