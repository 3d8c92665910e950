/** Moves and enlarges the pictures of all cells at once, by wheel and pointer over any of them. */
import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { zoomTurned } from '../zoom';
import { movedBy, zoomedAt, type Point, type ShownPart } from './shared-zoom';

/** A pointer that moves no further than this has clicked. */
const clickPixels = 3;

/** @param ref holds the cells; a picture is whatever has the class `cell-picture` */
export function useSharedZoom(
  ref: RefObject<HTMLElement>,
  part: ShownPart,
  onPart: (part: ShownPart) => void,
): void {
  const latest = useRef({ part, onPart });
  latest.current = { part, onPart };
  useEffect(() => {
    const element = ref.current;
    if (element === null) return;
    let held: { picture: Element; left: number; top: number; moves: boolean } | undefined;
    const turned = (event: WheelEvent): void => {
      const picture = pictureOf(event.target);
      if (picture === undefined || (!event.ctrlKey && !event.metaKey)) return;
      event.preventDefault();
      const { part: before, onPart: tell } = latest.current;
      const zoom = zoomTurned(before.zoom, event.deltaY);
      if (zoom !== before.zoom) tell(zoomedAt(before, zoom, pointIn(picture, event)));
    };
    const pressed = (event: PointerEvent): void => {
      const picture = pictureOf(event.target);
      if (picture === undefined || event.button !== 0 || latest.current.part.zoom === 1) return;
      held = { picture, left: event.clientX, top: event.clientY, moves: false };
    };
    const moved = ({ clientX, clientY, pointerId }: PointerEvent): void => {
      if (held === undefined) return;
      const [right, down] = [clientX - held.left, clientY - held.top];
      if (!held.moves && Math.hypot(right, down) <= clickPixels) return;
      if (!held.moves) element.setPointerCapture(pointerId);
      element.dataset.moves = 'true';
      const { width, height } = held.picture.getBoundingClientRect();
      latest.current.onPart(movedBy(latest.current.part, { x: right / width, y: down / height }));
      held = { ...held, left: clientX, top: clientY, moves: true };
    };
    const released = (): void => {
      held = undefined;
      delete element.dataset.moves;
    };
    element.addEventListener('wheel', turned, { passive: false });
    element.addEventListener('pointerdown', pressed);
    element.addEventListener('pointermove', moved);
    element.addEventListener('pointerup', released);
    element.addEventListener('pointercancel', released);
    return () => {
      element.removeEventListener('wheel', turned);
      element.removeEventListener('pointerdown', pressed);
      element.removeEventListener('pointermove', moved);
      element.removeEventListener('pointerup', released);
      element.removeEventListener('pointercancel', released);
    };
  }, []);
}

function pictureOf(target: EventTarget | null): Element | undefined {
  return target instanceof Element ? (target.closest('.cell-picture') ?? undefined) : undefined;
}

/** As parts of the picture's room. */
function pointIn(picture: Element, { clientX, clientY }: MouseEvent): Point {
  const { left, top, width, height } = picture.getBoundingClientRect();
  return { x: (clientX - left) / width, y: (clientY - top) / height };
}
