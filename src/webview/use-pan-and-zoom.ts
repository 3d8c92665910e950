/** Moves and enlarges the one element in a scroller, by wheel and pointer. */
import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { zoomTurned } from './zoom';

/** A point of the picture, as parts of its width and height, and where in the window it is to be. */
interface Aim {
  readonly x: number;
  readonly y: number;
  readonly left: number;
  readonly top: number;
}

/** A pointer that moves no further than this has clicked. */
const clickPixels = 3;

/**
 * Where the wheel turns, the point under the pointer stays; where keys and buttons enlarge, the middle does.
 *
 * @param ref the scroller; its only child's size follows `zoom`
 */
export function usePanAndZoom(
  ref: RefObject<HTMLElement>,
  zoom: number,
  onZoom: (zoom: number) => void,
): void {
  const latest = useRef({ zoom, onZoom });
  latest.current = { zoom, onZoom };
  const aim = useRef<Aim>();
  /** Kept from before a change of size, which may move what is in the middle. */
  const middle = useRef<Aim>();

  useLayoutEffect(() => {
    const scroller = ref.current;
    if (scroller === null) return;
    const wanted = aim.current ?? middle.current;
    aim.current = undefined;
    if (wanted !== undefined) {
      const box = pictureBox(scroller);
      scroller.scrollLeft += box.left + wanted.x * box.width - wanted.left;
      scroller.scrollTop += box.top + wanted.y * box.height - wanted.top;
    }
    middle.current = middleOf(scroller);
  }, [zoom]);

  useEffect(() => {
    const scroller = ref.current;
    if (scroller === null) return;
    let held: { left: number; top: number; moves: boolean } | undefined;
    const turned = (event: WheelEvent): void => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const before = latest.current.zoom;
      const after = zoomTurned(before, event.deltaY);
      if (after === before) return;
      aim.current = aimAt(scroller, event.clientX, event.clientY);
      latest.current.onZoom(after);
    };
    const scrolled = (): void => {
      middle.current = middleOf(scroller);
    };
    const pressed = ({ button, clientX, clientY }: PointerEvent): void => {
      if (button !== 0 || latest.current.zoom === 1) return;
      held = { left: clientX, top: clientY, moves: false };
    };
    const moved = ({ clientX, clientY, pointerId }: PointerEvent): void => {
      if (held === undefined) return;
      const [right, down] = [clientX - held.left, clientY - held.top];
      if (!held.moves && Math.hypot(right, down) <= clickPixels) return;
      if (!held.moves) scroller.setPointerCapture(pointerId);
      scroller.dataset.moves = 'true';
      scroller.scrollLeft -= right;
      scroller.scrollTop -= down;
      held = { left: clientX, top: clientY, moves: true };
    };
    const released = (): void => {
      held = undefined;
      delete scroller.dataset.moves;
    };
    scroller.addEventListener('wheel', turned, { passive: false });
    scroller.addEventListener('scroll', scrolled, { passive: true });
    scroller.addEventListener('pointerdown', pressed);
    scroller.addEventListener('pointermove', moved);
    scroller.addEventListener('pointerup', released);
    scroller.addEventListener('pointercancel', released);
    return () => {
      scroller.removeEventListener('wheel', turned);
      scroller.removeEventListener('scroll', scrolled);
      scroller.removeEventListener('pointerdown', pressed);
      scroller.removeEventListener('pointermove', moved);
      scroller.removeEventListener('pointerup', released);
      scroller.removeEventListener('pointercancel', released);
    };
  }, []);
}

function pictureBox(scroller: HTMLElement): DOMRect {
  return (scroller.firstElementChild ?? scroller).getBoundingClientRect();
}

function aimAt(scroller: HTMLElement, left: number, top: number): Aim {
  const box = pictureBox(scroller);
  return { x: (left - box.left) / box.width, y: (top - box.top) / box.height, left, top };
}

function middleOf(scroller: HTMLElement): Aim {
  const { left, top, width, height } = scroller.getBoundingClientRect();
  return aimAt(scroller, left + width / 2, top + height / 2);
}
