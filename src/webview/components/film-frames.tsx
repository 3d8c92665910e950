/** A row of small pictures; only those in sight are in the page, however many there are. */
import type { TargetedKeyboardEvent } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { Filmstrip, Frame, FrameRange } from '../../shared/filmstrip';
import { describeFrame } from '../describe-frame';
import { framesInSight, scrollTo } from '../frames-in-sight';
import { useMeasured } from '../use-measured';

interface Props {
  readonly filmstrip: Filmstrip;
  readonly onGo: (place: number) => void;
  /** These frames are in sight, and not all of them are known. */
  readonly onLook: (range: FrameRange) => void;
}

/** Pixels from one frame to the next; the width of a frame stands in the style sheet. */
const stride = 74;
/** Scrolling passes by what it does not stop at. */
const lookMilliseconds = 60;

export function FilmFrames({ filmstrip, onGo, onLook }: Props) {
  const { title, total, at, first, frames } = filmstrip;
  const scroller = useRef<HTMLDivElement>(null);
  const room = useMeasured(scroller, { scrollLeft: 0, width: 0 }, (element) => ({
    scrollLeft: element.scrollLeft,
    width: element.clientWidth,
  }));
  const sight = framesInSight(total, room.scrollLeft, room.width, stride);
  const known = first <= sight.first && sight.end <= first + frames.length;

  // The sample that is shown comes into sight when it changes, not when the person looks elsewhere.
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null || at === undefined || room.width === 0) return;
    element.scrollLeft = scrollTo(at, element.scrollLeft, room.width, stride);
  }, [at, room.width > 0]);

  useEffect(() => {
    if (known || room.width === 0 || total === 0) return;
    const timer = setTimeout(() => onLook(sight), lookMilliseconds);
    return () => clearTimeout(timer);
  }, [known, sight.first, sight.end, room.width > 0]);

  const onKeyDown = (event: TargetedKeyboardEvent<HTMLDivElement>): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor(room.width / stride));
    const pages: Readonly<Record<string, number>> = { PageUp: -page, PageDown: page };
    const by = pages[event.key];
    if (by === undefined) return;
    event.preventDefault();
    onGo(Math.max(0, Math.min(total - 1, (at ?? filmstrip.near) + by)));
  };

  const places = Array.from(
    { length: sight.end - sight.first },
    (_, offset) => sight.first + offset,
  );
  return (
    <div
      ref={scroller}
      class="film-frames"
      data-testid="film-frames"
      role="listbox"
      aria-orientation="horizontal"
      aria-label={`Samples of ${title}`}
      aria-activedescendant={at === undefined ? undefined : `frame-${at}`}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onWheel={(event) => {
        if (event.deltaX === 0) event.currentTarget.scrollLeft += event.deltaY;
      }}
    >
      <div class="film-room" role="presentation" style={{ width: `${total * stride}px` }}>
        {room.width > 0 &&
          places.map((place) => {
            const frame = frames[place - first];
            return (
              <div
                key={frame?.name ?? place}
                id={`frame-${place}`}
                class="frame"
                data-testid="frame"
                data-name={frame?.name}
                data-verdict={frame?.verdict}
                role="option"
                aria-selected={place === at}
                aria-setsize={total}
                aria-posinset={place + 1}
                aria-label={frame ? describeFrame(frame) : 'Loading'}
                title={frame && describeFrame(frame)}
                style={{ transform: `translateX(${place * stride}px)` }}
                onClick={() => onGo(place)}
              >
                {frame && <FramePicture frame={frame} />}
              </div>
            );
          })}
      </div>
    </div>
  );
}

function FramePicture({ frame: { thumbnail, answer, verdict } }: { readonly frame: Frame }) {
  return (
    <>
      <span class="frame-picture">
        {thumbnail !== undefined && <img src={thumbnail} alt="" draggable={false} />}
        {verdict === 'wrong' && (
          <span class="frame-mark" aria-hidden="true">
            ✕
          </span>
        )}
      </span>
      <span class="frame-answer">{verdict === 'unreadable' ? 'not readable' : answer}</span>
    </>
  );
}
