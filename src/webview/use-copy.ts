/** What the editor's own copy means where no text is selected. */
import { useEffect, useRef } from 'preact/hooks';

/** @param onCopy asked by Ctrl+C, or the editor's menu, anywhere in the page but where text is typed or selected */
export function useCopy(onCopy: () => void): void {
  const latest = useRef(onCopy);
  latest.current = onCopy;
  useEffect(() => {
    const copied = (event: ClipboardEvent): void => {
      const isTyping = event.target instanceof Element && event.target.matches('input, textarea');
      if (isTyping || document.getSelection()?.isCollapsed === false) return;
      event.preventDefault();
      latest.current();
    };
    document.addEventListener('copy', copied);
    return () => document.removeEventListener('copy', copied);
  }, []);
}
