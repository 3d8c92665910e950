/** The way through the samples of a gallery or the pictures of a folder. */
import { placeAfter, type Way } from '../../shared/filmstrip';
import type { PageAction } from '../panel-state';
import { WalkIcon } from './icons';

interface Props {
  readonly way: Way;
  readonly of: 'sample' | 'picture';
  readonly act: (action: PageAction) => void;
}

const steps = [
  ['first', 'First', 'Home'],
  ['previous', 'Previous', '←'],
  ['next', 'Next', '→'],
  ['last', 'Last', 'End'],
] as const;

export function WalkButtons({ way, of, act }: Props) {
  return (
    <div class="segments" role="group" aria-label={`Walk through the ${of}s`}>
      {steps.map(([to, which, key]) => (
        <button
          key={to}
          type="button"
          class="plain"
          data-testid={`walk-${to}`}
          aria-label={`${which} ${of}`}
          title={`${which} ${of} (${key})`}
          // Not taken away at the ends: the keys would be nowhere.
          aria-disabled={placeAfter(way, to) === undefined}
          onClick={() => act({ kind: 'walked', to })}
        >
          <WalkIcon to={to} />
        </button>
      ))}
    </div>
  );
}
