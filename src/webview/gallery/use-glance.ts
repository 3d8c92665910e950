/** While O is held, the pictures are shown without their maps. */
import { useEffect, useRef } from 'preact/hooks';

export function useGlance(onGlance: (original: boolean) => void): void {
  const latest = useRef(onGlance);
  latest.current = onGlance;
  useEffect(() => {
    let held = false;
    const set = (original: boolean): void => {
      if (held === original) return;
      held = original;
      latest.current(original);
    };
    const down = (event: KeyboardEvent): void => {
      const { target } = event;
      const inText = target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
      if (inText || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key.toLowerCase() === 'o') set(true);
    };
    const up = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() === 'o') set(false);
    };
    const blur = (): void => set(false);
    document.addEventListener('keydown', down);
    document.addEventListener('keyup', up);
    window.addEventListener('blur', blur);
    return () => {
      document.removeEventListener('keydown', down);
      document.removeEventListener('keyup', up);
      window.removeEventListener('blur', blur);
    };
  }, []);
}
