import type { RefObject } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';

/** What is read off an element, first and whenever its size or its scrolling changes. */
export function useMeasured<Value>(
  ref: RefObject<HTMLElement>,
  before: Value,
  read: (element: HTMLElement) => Value,
): Value {
  const [value, setValue] = useState(before);
  useLayoutEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const measure = (): void => setValue(read(element));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    element.addEventListener('scroll', measure, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', measure);
    };
  }, []);
  return value;
}
