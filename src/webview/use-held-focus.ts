/** Keeps the focus where it was when the button that had it gives way to what it brought. */
import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

/** @param ref an element that takes the focus itself where nothing in it can */
export function useHeldFocus(ref: RefObject<HTMLElement>): void {
  const held = useRef(false);
  // As it is before this drawing takes an element away.
  held.current = ref.current?.contains(document.activeElement) === true;
  useLayoutEffect(() => {
    const element = ref.current;
    if (!held.current || element === null || element.contains(document.activeElement)) return;
    (element.querySelector<HTMLElement>('button, input, summary') ?? element).focus();
  });
}
