/** Keys of a comparison. */
import type { Looks } from '../../shared/panel/looks';
import { otherEvidence } from '../components/against-toggle';
import type { Shortcut } from '../shortcuts';
import { useKey } from '../use-key';
import { nextDrawing } from '../view-state';
import { zoomStepped } from '../zoom';
import type { ComparisonAction, ComparisonView } from './comparison-page';
import { zoomedAt } from './shared-zoom';

/** What the help lists. */
export const comparisonHelp: readonly (readonly [keys: string, effect: string])[] = [
  ['Arrow keys', 'Go from map to map'],
  ['Enter', 'Move over the patches of a map by the arrow keys, in all maps at once; Esc goes back'],
  ['M', 'Mark a map; two marked maps are held against each other'],
  ['P', 'Open the map in a panel'],
  ['D and W', 'Of the marked maps: their difference, or swipe between them'],
  ['C', 'One scale for the maps of a method, or one for each map'],
  ['O or Space', 'Show the pictures without the maps; hold for a glance'],
  ['S', 'Switch between smooth, patches and pixels'],
  ['A', 'Switch between evidence for, and for and against, where a method tells both'],
  ['T', 'Switch Otsu’s threshold on or off'],
  ['+ and −', 'More or less opaque'],
  ['Z and Shift+Z', 'Zoom in and out, as Ctrl and the wheel do; drag to move the pictures'],
  ['0', 'Show the whole pictures'],
  ['Esc', 'Cancel what is running'],
  ['?', 'This help'],
];

/** What a key that a comparison has in common with a panel does. */
export function actionFor(
  shortcut: Shortcut,
  { look, part, commonScale }: ComparisonView,
): ComparisonAction | undefined {
  const looked = (change: Partial<ComparisonView>): ComparisonAction => ({
    kind: 'looked',
    change,
  });
  const looking = (change: Partial<Looks>) => looked({ look: { ...look, ...change } });
  switch (shortcut.kind) {
    case 'original':
      return looking({ showOriginal: !look.showOriginal });
    case 'drawing':
      return looking({ drawing: nextDrawing(look, { signed: false, pixels: true }) });
    case 'evidence':
      return looking({ evidence: otherEvidence(look.evidence) });
    case 'otsu':
      return looking({ otsu: !look.otsu });
    case 'opacity': {
      const opacity = Math.min(1, Math.max(0, look.opacity + shortcut.by));
      return looking({ opacity: Math.round(opacity * 100) / 100 });
    }
    case 'zoom':
      return looked({ part: zoomedAt(part, zoomStepped(part.zoom, shortcut.by)) });
    case 'compare':
      return looked({ commonScale: !commonScale });
    case 'cancel':
      return { kind: 'said', message: { kind: 'cancel' } };
    default:
      return undefined;
  }
}

/** Keys that no panel has: how the two marked maps are held against each other. */
export function useComparisonKeys(onPairing: (pairing: ComparisonView['pairing']) => void): void {
  useKey('d', () => onPairing('difference'));
  useKey('w', () => onPairing('swipe'));
}
