/** The samples of the gallery that the panel walks through: the way, and small pictures along it. */
import type { Filmstrip } from '../../shared/filmstrip';
import { describeAnswer } from '../describe-frame';
import type { PageAction } from '../panel-state';
import { FilmFrames } from './film-frames';
import { WalkButtons } from './walk-buttons';

interface Props {
  readonly filmstrip: Filmstrip;
  readonly act: (action: PageAction) => void;
}

export function FilmstripBar({ filmstrip, act }: Props) {
  const { at, current, total, all, shown, title } = filmstrip;
  const count = total === all ? `${total}` : `${total} shown`;
  return (
    <section class="filmstrip" data-testid="filmstrip" aria-label={`Samples of ${title}`}>
      <div class="filmstrip-bar">
        <WalkButtons way={filmstrip} of="sample" act={act} />
        <p class="filmstrip-place" role="status" data-testid="walk-place">
          <strong>{at === undefined ? `– of ${count}` : `${at + 1} of ${count}`}</strong>{' '}
          <span class="quiet">
            {at === undefined
              ? 'The gallery’s filters leave this sample out.'
              : current && describeAnswer(current)}
          </span>
        </p>
        <button
          type="button"
          class="plain"
          data-testid="filmstrip-toggle"
          aria-expanded={shown}
          aria-label={
            shown ? 'Hide the pictures of the samples' : 'Show the pictures of the samples'
          }
          onClick={() => act({ kind: 'said', message: { kind: 'showFilmstrip', shown: !shown } })}
        >
          {shown ? 'Hide' : 'Samples'}
        </button>
      </div>
      {shown && (
        <FilmFrames
          filmstrip={filmstrip}
          onGo={(place) => act({ kind: 'walked', to: place })}
          onLook={(range) => act({ kind: 'said', message: { kind: 'lookAtFrames', range } })}
        />
      )}
    </section>
  );
}
