/** The layer over the picture on which a rectangle is drawn, by the pointer or by keys. */
import type { RefObject, TargetedKeyboardEvent, TargetedPointerEvent } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { boxInWords } from '../../shared/change-in-words';
import type { PictureBox } from '../../shared/picture-change';
import { boxBetween, firstBox, isInside, keyedBox, movedBox, type Point } from '../mark-box';
import { placeOfBox } from '../picture-place';
import type { Marker, Marking } from '../use-marking';

interface Props {
  readonly marker: Marker;
  readonly marking: Marking;
  readonly fileName: string;
}

/** What the pointer does while it is down: draw from a corner, or move what is there. */
type Hold =
  | { readonly kind: 'draws'; readonly from: Point }
  | { readonly kind: 'moves'; readonly from: Point; readonly box: PictureBox };

export function BoxMarker({ marker, marking, fileName }: Props) {
  const layer = useRef<HTMLDivElement>(null);
  const held = useRef<Hold>();
  const { size = { width: 1, height: 1 } } = marker;
  const { box, ratio, of } = marking;
  useFocus(layer);

  const pointOf = (event: TargetedPointerEvent<HTMLDivElement>): Point => {
    const area = event.currentTarget.getBoundingClientRect();
    return {
      x: ((event.clientX - area.left) / area.width) * size.width,
      y: ((event.clientY - area.top) / area.height) * size.height,
    };
  };
  const drawn = (hold: Hold, point: Point): PictureBox =>
    hold.kind === 'draws'
      ? boxBetween(hold.from, point, size, ratio)
      : movedBox(hold.box, point.x - hold.from.x, point.y - hold.from.y, size);
  const onPointerDown = (event: TargetedPointerEvent<HTMLDivElement>): void => {
    if (event.button !== 0) return;
    // An enlarged picture stays where it is.
    event.stopPropagation();
    event.currentTarget.setPointerCapture(event.pointerId);
    const from = pointOf(event);
    held.current =
      box && isInside(from, box) ? { kind: 'moves', from, box } : { kind: 'draws', from };
  };
  const onPointerMove = (event: TargetedPointerEvent<HTMLDivElement>): void => {
    if (held.current !== undefined) marker.setBox(drawn(held.current, pointOf(event)));
  };
  const onPointerUp = (event: TargetedPointerEvent<HTMLDivElement>): void => {
    const hold = held.current;
    held.current = undefined;
    if (hold === undefined) return;
    const point = pointOf(event);
    // A click only says where: what lies there is for the keys and the button.
    if (isClick(hold.from, point, size.width / event.currentTarget.clientWidth)) {
      if (hold.kind === 'draws') marker.setBox(firstBox(size, ratio, point));
    } else {
      marker.apply(drawn(hold, point));
    }
  };
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLDivElement>): void => {
    if (event.key === 'Escape') {
      marker.end();
    } else if (event.key === 'Enter') {
      if (box === undefined) {
        marker.setBox(firstBox(size, ratio));
      } else {
        marker.apply(box);
        marker.end();
      }
    } else {
      // The first key only shows it.
      const next =
        box === undefined && event.key.startsWith('Arrow')
          ? firstBox(size, ratio)
          : box && keyedBox(box, event.key, event.shiftKey, size, ratio);
      if (next === undefined) return;
      marker.setBox(next);
    }
    event.preventDefault();
  };
  const what = of === 'cover' ? 'Rectangle to cover' : 'Window that the model sees';
  return (
    <div
      ref={layer}
      class="marker"
      data-testid="marker"
      role="application"
      tabIndex={0}
      aria-label={`${what} on ${fileName}. The arrow keys move it, with Shift they change its size; Enter ${of === 'cover' ? 'covers it' : 'shows the model this part'}, Escape leaves.`}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onPointerCancel={() => (held.current = undefined)}
      onKeyDown={onKeyDown}
    >
      {box !== undefined && (
        <span class="marked-box" data-testid="marked-box" style={placeOfBox(box, size)} />
      )}
      <span class="unseen" role="status">
        {box === undefined ? '' : boxInWords(box)}
      </span>
    </div>
  );
}

/** In pixels of the screen. */
const clickPixels = 3;

/** @param scale pixels of the picture in one of the screen */
function isClick(from: Point, to: Point, scale: number): boolean {
  return Math.hypot(to.x - from.x, to.y - from.y) <= clickPixels * scale;
}

/**
 * It has the keys as soon as it is there, so that none that follows means something else; they go back to
 * where they were, or to the button that began it.
 */
function useFocus(layer: RefObject<HTMLElement>): void {
  useLayoutEffect(() => {
    const own = layer.current;
    const before = document.activeElement;
    own?.focus({ preventScroll: true });
    return () => {
      if (document.activeElement !== own) return;
      // What had them may go in the same moment.
      requestAnimationFrame(() => {
        if (document.activeElement !== document.body) return;
        const isThere = before instanceof HTMLElement && before.matches('button, select, .map');
        const back = isThere && before.isConnected ? before : document.getElementById('cover');
        back?.focus({ preventScroll: true });
      });
    };
  }, []);
}
