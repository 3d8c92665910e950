/** How a person looks at a panel: the page's own, kept over a reload. */
import { isColourMapName } from '../shared/colour-map';
import { divergingColourMaps, sequentialColourMaps } from '../shared/colour-map-names';
import type { PanelState } from '../shared/panel/panel-model';

export interface ViewState {
  readonly classIndex: number | undefined;
  /** 0 … 1. */
  readonly opacity: number;
  /** For methods without a sign. */
  readonly colourMap: string;
  /** For signed methods; left out: the first diverging one. */
  readonly divergingColourMap?: string;
  readonly drawing: 'smooth' | 'patches';
  readonly showOriginal: boolean;
  readonly otsu: boolean;
  /** How much the picture is enlarged; 1: all of it fits. */
  readonly zoom: number;
}

/** How maps are drawn, whichever and however large. */
export type Looks = Omit<ViewState, 'classIndex' | 'zoom'>;

export const freshView: ViewState = {
  classIndex: undefined,
  opacity: 0.7,
  colourMap: '',
  drawing: 'smooth',
  showOriginal: false,
  otsu: false,
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
  const isOtherModel = before.modelId !== undefined && before.modelId !== now.modelId;
  return {
    ...view,
    classIndex: isOtherPicture || isOtherModel ? undefined : view.classIndex,
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

/** The diverging colour map in use. */
export function divergingName({ divergingColourMap }: Looks): 'blue-red' | 'purple-green' {
  const known = divergingColourMaps.find(({ name }) => name === divergingColourMap);
  return known?.name ?? 'blue-red';
}

/** The sequential colour map in use. */
export function sequentialName({ colourMap }: Looks) {
  return isColourMapName(colourMap) ? colourMap : 'viridis';
}
