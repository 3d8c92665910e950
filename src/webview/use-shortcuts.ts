/** Connects the keys of the panel to what they do. */
import { useEffect } from 'preact/hooks';
import { shortcutFor, type Focus, type Shortcut } from './shortcuts';

/** A key held longer than this is a glance: its effect ends when it is let go. */
const glanceMilliseconds = 350;

/**
 * @param run takes a shortcut; for `original` it is also called when a held key is let go
 * @param walking whether there are samples to walk through
 */
export function useShortcuts(run: (shortcut: Shortcut) => void, walking: boolean): void {
  useEffect(() => {
    let pressed: { readonly key: string; readonly at: number } | undefined;
    const down = (event: KeyboardEvent): void => {
      if (event.defaultPrevented) return;
      const shortcut = shortcutFor(event, focusOf(event.target), walking);
      if (shortcut === undefined) return;
      if (shortcut.kind !== 'cancel') event.preventDefault();
      const repeats = ['opacity', 'walk', 'zoom'].includes(shortcut.kind);
      if (event.repeat && !repeats) return;
      if (shortcut.kind === 'original') pressed = { key: event.key, at: event.timeStamp };
      run(shortcut);
    };
    const up = (event: KeyboardEvent): void => {
      if (pressed?.key !== event.key) return;
      const held = event.timeStamp - pressed.at;
      pressed = undefined;
      if (held > glanceMilliseconds) run({ kind: 'original' });
    };
    document.addEventListener('keydown', down);
    document.addEventListener('keyup', up);
    return () => {
      document.removeEventListener('keydown', down);
      document.removeEventListener('keyup', up);
    };
  }, [run, walking]);
}

function focusOf(target: EventTarget | null): Focus {
  if (!(target instanceof HTMLElement)) return 'elsewhere';
  if (target instanceof HTMLSelectElement) return 'text';
  if (target instanceof HTMLInputElement)
    return target.type === 'radio' || target.type === 'range' ? 'choice' : 'text';
  return target.closest('button, a, summary, dialog') === null ? 'elsewhere' : 'button';
}
