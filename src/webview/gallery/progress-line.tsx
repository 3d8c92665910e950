/** How far the work is, with the buttons that go with it. */
import type { GalleryProgress } from '../../shared/gallery/gallery-state';

interface Props {
  readonly progress: GalleryProgress;
  /** What is done to a sample: `explained`. */
  readonly done: string;
  /** Of the samples so far, how many could not be read: most of them went while the work was on its way. */
  readonly unread?: number;
  readonly say: (message: { readonly kind: Button['says'] }) => void;
}

interface Button {
  readonly says: 'pause' | 'resume' | 'cancel' | 'retry';
  readonly name: string;
  readonly look: 'primary' | 'secondary';
  /** Where the work is when it can be said. */
  readonly on: readonly GalleryProgress['kind'][];
}

const buttons: readonly Button[] = [
  { says: 'pause', name: 'Pause', look: 'secondary', on: ['running'] },
  { says: 'resume', name: 'Go on', look: 'primary', on: ['paused'] },
  { says: 'cancel', name: 'Cancel', look: 'secondary', on: ['running', 'paused', 'opening'] },
  { says: 'retry', name: 'Go on', look: 'primary', on: ['cancelled', 'cancelledOpening'] },
];

export function ProgressLine({ progress, done, unread = 0, say }: Props) {
  const { kind } = progress;
  if (kind === 'failed') return null;
  const counted = 'done' in progress;
  return (
    <div class="gallery-progress" data-testid="progress" data-kind={kind}>
      <span role="status">{phraseOf(progress, done, unread)}</span>
      {counted && kind !== 'cancelled' && (
        <progress max={progress.total} value={progress.done} aria-label={`Samples ${done}`} />
      )}
      {buttons
        .filter(({ on }) => on.includes(kind))
        .map(({ says, name, look }) => (
          <button
            key={says}
            type="button"
            class={look}
            data-testid={says}
            onClick={() => say({ kind: says })}
          >
            {name}
          </button>
        ))}
    </div>
  );
}

function phraseOf(
  progress: Exclude<GalleryProgress, { kind: 'failed' }>,
  done: string,
  unread: number,
): string {
  const without = unread === 0 ? '' : `; ${unread} could not be read`;
  switch (progress.kind) {
    case 'opening':
      return `${progress.phrase}…`;
    case 'awaitingPhrases':
      return 'Waiting for phrases to compare the pictures with.';
    case 'running':
      return `${ofAll({ ...progress, done: progress.done - unread })} ${done}${without}`;
    case 'paused':
      return `Paused at ${ofAll(progress)}${without}`;
    case 'cancelled':
      return `Cancelled at ${ofAll(progress)}; what is done stays.`;
    case 'cancelledOpening':
      return 'Cancelled before the first picture.';
    case 'done':
      return unread === 0
        ? `All ${progress.total} ${done}`
        : `${progress.total - unread} of ${progress.total} ${done}${without}`;
  }
}

function ofAll({ done, total, isAll }: Extract<GalleryProgress, { done: number }>): string {
  return `${done} of ${isAll ? '' : 'more than '}${total}`;
}
