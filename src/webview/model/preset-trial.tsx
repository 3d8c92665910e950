/** The presets tried on pictures, their answers side by side. */
import { counted } from '../../shared/counted';
import type { ShownModel } from '../../shared/model-page/model-page-state';
import type { Trial, TrialSubject } from '../../shared/model-page/trial';
import type { FromModelPage } from '../../shared/protocol/model-page';
import { Part } from './part';
import { TrialProgress } from './trial-progress';
import { TrialTable } from './trial-table';

interface Props {
  readonly model: ShownModel;
  readonly offered: TrialSubject | undefined;
  readonly trial: Trial | undefined;
  readonly say: (message: FromModelPage) => void;
}

export function PresetTrial({ model, offered, trial, say }: Props) {
  const { comparesPhrases, fixed } = model;
  if (fixed !== undefined) return null;
  // One picture has no labels to make phrases of.
  const offersPicture = !comparesPhrases;
  return (
    <Part id="trial" title="Try the presets">
      <div class="buttons">
        {offered !== undefined && (offersPicture || offered.kind === 'dataset') && (
          <button
            type="button"
            class="secondary"
            data-testid="try-offered"
            onClick={() => say({ kind: 'tryPresets', on: 'offered' })}
          >
            On {offered.name}
          </button>
        )}
        {offersPicture && (
          <button
            type="button"
            class="secondary"
            data-testid="try-picture"
            onClick={() => say({ kind: 'tryPresets', on: 'picture' })}
          >
            On a picture…
          </button>
        )}
        <button
          type="button"
          class="secondary"
          data-testid="try-dataset"
          onClick={() => say({ kind: 'tryPresets', on: 'dataset' })}
        >
          On a folder…
        </button>
      </div>
      {trial !== undefined && (
        <>
          <h3>{titleOf(trial)}</h3>
          <TrialProgress trial={trial} onCancel={() => say({ kind: 'cancelTrial' })} />
          {trial.rows.length > 0 && <TrialTable trial={trial} model={model} say={say} />}
          {trial.broken !== undefined && (
            <p class="quiet" data-testid="trial-broken">
              {trial.broken.count === 1
                ? trial.broken.first
                : `${counted(trial.broken.count, 'picture', 'pictures')} could not be read, the first: ${trial.broken.first}`}
            </p>
          )}
        </>
      )}
    </Part>
  );
}

function titleOf({ subject, drawn, available }: Trial): string {
  if (subject.kind === 'picture' || drawn === 0) return subject.name;
  return drawn === available
    ? `${subject.name}, ${counted(drawn, 'picture', 'pictures')}`
    : `${subject.name}, ${drawn} of ${available} pictures, drawn evenly over its labels`;
}
