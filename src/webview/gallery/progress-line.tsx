/** How far the work is, with the buttons that go with it. */
import type { GalleryProgress } from '../../shared/gallery/gallery-state';
import type { FromGallery } from '../../shared/protocol/gallery';

interface Props {
  readonly progress: GalleryProgress;
  readonly say: (message: FromGallery) => void;
}

export function ProgressLine({ progress, say }: Props) {
  const { kind } = progress;
  if (kind === 'failed') return null;
  const counted = 'done' in progress;
  return (
    <div class="gallery-progress" data-testid="progress" data-kind={kind}>
      <span role="status">{phraseOf(progress)}</span>
      {counted && kind !== 'cancelled' && (
        <progress max={progress.total} value={progress.done} aria-label="Explained samples" />
      )}
      {kind === 'running' && (
        <button
          type="button"
          class="secondary"
          data-testid="pause"
          onClick={() => say({ kind: 'pause' })}
        >
          Pause
        </button>
      )}
      {kind === 'paused' && (
        <button
          type="button"
          class="primary"
          data-testid="resume"
          onClick={() => say({ kind: 'resume' })}
        >
          Go on
        </button>
      )}
      {(kind === 'running' || kind === 'paused' || kind === 'opening') && (
        <button
          type="button"
          class="secondary"
          data-testid="cancel"
          onClick={() => say({ kind: 'cancel' })}
        >
          Cancel
        </button>
      )}
      {(kind === 'cancelled' || kind === 'cancelledOpening') && (
        <button
          type="button"
          class="primary"
          data-testid="retry"
          onClick={() => say({ kind: 'retry' })}
        >
          Go on
        </button>
      )}
    </div>
  );
}

function phraseOf(progress: Exclude<GalleryProgress, { kind: 'failed' }>): string {
  switch (progress.kind) {
    case 'opening':
      return `${progress.phrase}…`;
    case 'awaitingPhrases':
      return 'Waiting for phrases to compare the pictures with.';
    case 'running':
      return `${progress.done} of ${progress.total} explained`;
    case 'paused':
      return `Paused at ${progress.done} of ${progress.total}`;
    case 'cancelled':
      return `Cancelled at ${progress.done} of ${progress.total}; what is done stays.`;
    case 'cancelledOpening':
      return 'Cancelled before the first picture.';
    case 'done':
      return `All ${progress.total} explained`;
  }
}
