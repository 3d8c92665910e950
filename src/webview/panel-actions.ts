/** What keys and buttons of the panel ask for. */
import type { Heatmap } from '../shared/explanation';
import type { Looks } from '../shared/panel/looks';
import { measuredOf } from '../shared/panel/measured';
import { wayOf, type PanelState } from '../shared/panel/panel-model';
import { coversOf, withCovers } from '../shared/picture-change';
import type { FromPanel } from '../shared/protocol/panel';
import { classRows, selectedHeatmap, selectedMethod, selectedRow } from './class-rows';
import { otherEvidence } from './components/against-toggle';
import type { PageAction, PageModel } from './panel-state';
import type { Shortcut } from './shortcuts';
import { nextDrawing } from './view-state';
import { zoomStepped } from './zoom';

/** What a key does to the panel; undefined where there is nothing for it to do. */
export function actionFor(shortcut: Shortcut, { copy, view }: PageModel): PageAction | undefined {
  switch (shortcut.kind) {
    case 'original':
      return { kind: 'changedView', change: { showOriginal: !view.showOriginal } };
    case 'drawing':
      return {
        kind: 'changedView',
        change: { drawing: nextDrawing(view, selectedMethod(copy.now)) },
      };
    case 'evidence':
      if (selectedMethod(copy.now)?.signed !== true) return undefined;
      return { kind: 'changedView', change: { evidence: otherEvidence(view.evidence) } };
    case 'otsu':
      return { kind: 'changedView', change: { otsu: !view.otsu } };
    case 'opacity': {
      const opacity = Math.min(1, Math.max(0, view.opacity + shortcut.by));
      return { kind: 'changedView', change: { opacity: Math.round(opacity * 100) / 100 } };
    }
    case 'zoom':
      return { kind: 'changedView', change: { zoom: zoomStepped(view.zoom, shortcut.by) } };
    case 'class': {
      const row = classRows(copy.now)[shortcut.position];
      return row === undefined ? undefined : { kind: 'choseClass', index: row.index };
    }
    case 'label': {
      const row = classRows(copy.now).find(({ isLabel }) => isLabel);
      return row && { kind: 'choseClass', index: row.index };
    }
    case 'follow':
      return wayOf(copy.now) && { kind: 'said', message: followMessage(copy.now) };
    case 'cancel':
      return { kind: 'said', message: { kind: 'cancel' } };
    case 'measureFaithfulness': {
      const heatmap = selectedHeatmap(copy.now);
      const isIdle = copy.now.activity.kind !== 'busy';
      if (heatmap === undefined || !isIdle || measuredOf(copy.now, heatmap)) return undefined;
      return { kind: 'said', message: measuringOf(heatmap) };
    }
    case 'walk':
      return { kind: 'walked', to: shortcut.to };
    case 'compare':
      return { kind: 'said', message: compareMessage(copy.now, view) };
    case 'uncover': {
      const { picture, change } = copy.now;
      const count = coversOf(change).length;
      if (picture === undefined || count === 0) return undefined;
      const { uri } = picture;
      const message = {
        kind: 'changePicture',
        uri,
        change: withCovers(change, count - 1),
      } as const;
      return { kind: 'said', message };
    }
    case 'help':
    case 'cover':
    case 'findClass':
      return undefined;
  }
}

/** Stays with the class in sight from picture to picture, or goes with the best one of each. */
export function followMessage(panel: PanelState): FromPanel {
  const index = panel.chosenClass === undefined ? selectedRow(panel)?.index : undefined;
  return { kind: 'chooseClass', ...(index !== undefined && { index }) };
}

/** Asks how faithful a map is. */
export function measuringOf({ index, against }: Heatmap): FromPanel {
  return { kind: 'measureFaithfulness', index, ...(against !== undefined && { against }) };
}

/** The maps of the class that is looked at, as they are looked at. */
export function compareMessage(panel: PanelState, looks: Looks): FromPanel {
  const index = selectedRow(panel)?.index;
  return { kind: 'compare', looks, ...(index !== undefined && { classIndex: index }) };
}
