/** Keys that work anywhere in the panel. */
import type { ZoomStep } from './zoom';

export type Shortcut =
  | { readonly kind: 'original' }
  | { readonly kind: 'class'; readonly position: number }
  | { readonly kind: 'drawing' }
  | { readonly kind: 'evidence' }
  | { readonly kind: 'otsu' }
  | { readonly kind: 'opacity'; readonly by: number }
  | { readonly kind: 'zoom'; readonly by: ZoomStep }
  | { readonly kind: 'label' }
  | { readonly kind: 'follow' }
  | { readonly kind: 'findClass' }
  | { readonly kind: 'walk'; readonly to: 'previous' | 'next' | 'first' | 'last' }
  | { readonly kind: 'measureFaithfulness' }
  | { readonly kind: 'compare' }
  | { readonly kind: 'cover' }
  | { readonly kind: 'uncover' }
  | { readonly kind: 'help' }
  | { readonly kind: 'cancel' };

/** What the help lists. */
export const shortcutHelp: readonly (readonly [keys: string, effect: string])[] = [
  ['O or Space', 'Show the picture without the map; hold for a glance'],
  ['1 … 9', 'Show the map of that class of the list'],
  ['L', 'Show the map of the label: what the dataset says the picture is'],
  ['B', 'Stay with the class on the next pictures, or go with the best one of each'],
  ['/', 'Find any other class by name or number'],
  ['S', 'Switch between smooth, patches and, where there are any, pixels'],
  ['A', 'Switch between evidence for, and for and against, where the method tells both'],
  ['T', 'Switch Otsu’s threshold on or off'],
  ['Ctrl+C', 'Copy the picture with the map; more in the menu of the picture (right click)'],
  ['C', 'Compare: the maps of this class by all methods beside each other'],
  ['W', 'What if: cover a rectangle of the picture, by pointer or keys; Esc ends'],
  ['Ctrl+Z', 'Take the last rectangle away'],
  ['+ and −', 'More or less opaque'],
  ['F', 'Measure how faithful the map is'],
  ['Z and Shift+Z', 'Zoom in and out, as Ctrl and the wheel do; drag to move the picture'],
  ['0', 'Show the whole picture'],
  ['Arrow keys', 'On the picture: move over the patches (Shift: further on pixel maps)'],
  ['← and →', 'Elsewhere: the picture before or after, of the gallery or of the folder'],
  ['Home and End', 'The first and the last of them'],
  ['Alt+, and Alt+.', 'The one before or after, wherever the keys are'],
  ['Esc', 'Cancel what is running'],
  ['?', 'This help'],
];

interface Key {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/** Where the key was pressed: there some keys have a meaning of their own. */
export type Focus = 'text' | 'choice' | 'button' | 'elsewhere';

/**
 * The shortcut of a key; undefined where the key belongs to the focused control or to the editor.
 *
 * @param walking whether there are pictures to walk through
 */
export function shortcutFor(
  { key, ctrlKey, metaKey, altKey, shiftKey }: Key,
  focus: Focus,
  walking: boolean,
): Shortcut | undefined {
  if (focus === 'text' || altKey) return undefined;
  if (ctrlKey || metaKey)
    return key.toLowerCase() === 'z' && !shiftKey ? { kind: 'uncover' } : undefined;
  if (key === ' ' && focus !== 'elsewhere') return undefined;
  if (/^[1-9]$/.test(key)) return { kind: 'class', position: Number(key) - 1 };
  const to = walks[key];
  if (to !== undefined) return walking && focus !== 'choice' ? { kind: 'walk', to } : undefined;
  if (key.toLowerCase() === 'z') return { kind: 'zoom', by: shiftKey ? 'out' : 'in' };
  return byKey[key.toLowerCase()];
}

const walks: Readonly<Record<string, Extract<Shortcut, { kind: 'walk' }>['to']>> = {
  ArrowLeft: 'previous',
  ArrowRight: 'next',
  Home: 'first',
  End: 'last',
};

const byKey: Readonly<Record<string, Shortcut>> = {
  o: { kind: 'original' },
  l: { kind: 'label' },
  b: { kind: 'follow' },
  ' ': { kind: 'original' },
  s: { kind: 'drawing' },
  a: { kind: 'evidence' },
  t: { kind: 'otsu' },
  f: { kind: 'measureFaithfulness' },
  c: { kind: 'compare' },
  w: { kind: 'cover' },
  '+': { kind: 'opacity', by: 0.1 },
  '=': { kind: 'opacity', by: 0.1 },
  '-': { kind: 'opacity', by: -0.1 },
  '0': { kind: 'zoom', by: 'fit' },
  '/': { kind: 'findClass' },
  '?': { kind: 'help' },
  escape: { kind: 'cancel' },
};
