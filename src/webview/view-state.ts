/** How a person looks at a panel: the page's own, kept over a reload. */
import { isColourMapName } from '../shared/colour-map';
import { divergingColourMaps, sequentialColourMaps } from '../shared/colour-map-names';
import { usualLook, type Look, type MapKind } from '../shared/look';
import type { Drawing, Looks } from '../shared/panel/looks';
import type { PanelState } from '../shared/panel/panel-model';
import type { CoverFill } from '../shared/picture-change';

export interface ViewState extends Looks {
  /** What the next rectangle is covered with. */
  readonly coverFill: CoverFill;
  /** How much the picture is enlarged; 1: all of it fits. */
  readonly zoom: number;
}

export const freshView: ViewState = {
  opacity: 0.7,
  colourMap: '',
  drawing: 'smooth',
  evidence: usualLook.evidence,
  showOriginal: false,
  otsu: false,
  coverFill: 'mean',
  zoom: 1,
};

/**
 * How what is there now is looked at.
 * @param keptFor the picture that the view was kept for, while none was shown yet
 */
export function viewOf(
  view: ViewState,
  before: PanelState,
  now: PanelState,
  keptFor: string | undefined,
): ViewState {
  const uri = now.picture?.uri;
  const isOtherPicture = uri !== undefined && uri !== (before.picture?.uri ?? keptFor);
  return {
    ...view,
    zoom: isOtherPicture ? 1 : view.zoom,
    colourMap: colourMapOf(view, before.colourMap, now.colourMap),
  };
}

/** The person's own choice lasts until the setting changes. */
export function colourMapOf({ colourMap }: Looks, before: string, setting: string): string {
  const isChanged = before !== '' && before !== setting;
  if (setting === '' || (isSequential(colourMap) && !isChanged)) return colourMap;
  return isSequential(setting) ? setting : 'viridis';
}

function isSequential(name: string): boolean {
  return sequentialColourMaps.some((map) => map.name === name);
}

/** The ways to draw the maps of a method, in the order of the key. */
export function drawingsOf(kind: MapKind | undefined): readonly Drawing[] {
  return kind?.pixels === true ? ['smooth', 'patches', 'pixels'] : ['smooth', 'patches'];
}

/** The way in use for the maps of a method. */
export function drawingOf({ drawing }: Looks, kind: MapKind | undefined): Drawing {
  return drawingsOf(kind).includes(drawing) ? drawing : 'smooth';
}

/** The next way to draw them. */
export function nextDrawing(view: Looks, kind: MapKind | undefined): Drawing {
  const drawings = drawingsOf(kind);
  return drawings[(drawings.indexOf(drawingOf(view, kind)) + 1) % drawings.length] ?? 'smooth';
}

/** What of the maps of a method is looked at. */
export function lookOf(view: Looks, kind: MapKind | undefined): Look {
  const grain = drawingOf(view, kind) === 'pixels' ? 'pixels' : 'patches';
  return { evidence: view.evidence, grain };
}

/** The diverging colour map in use. */
export function divergingName({ divergingColourMap }: Looks): 'blue-red' | 'purple-green' {
  const known = divergingColourMaps.find(({ name }) => name === divergingColourMap);
  return known?.name ?? 'blue-red';
}

/** The sequential colour map in use. */
export function sequentialName({ colourMap }: Looks) {
  return isColourMapName(colourMap) ? colourMap : 'viridis';
}
