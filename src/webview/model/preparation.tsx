/** How pictures are prepared for the model: what is taken, from where, and a form to state it otherwise. */
import type { ShownModel } from '../../shared/model-page/model-page-state';
import { readingOf } from '../../shared/picture-reading';
import { preprocessingSteps } from '../../shared/preprocessing-steps';
import { samePreprocessing } from '../../shared/same-preprocessing';
import type { FromModelPage } from '../../shared/protocol/model-page';
import { Part } from './part';
import { draftOf, preprocessingOf, type PreparationDraft } from './preparation-draft';
import { PreparationFields } from './preparation-fields';

interface Props {
  readonly model: ShownModel;
  readonly manifestName: string;
  /** What is being typed; undefined: nothing. */
  readonly draft: PreparationDraft | undefined;
  readonly onDraft: (draft: PreparationDraft | undefined) => void;
  readonly say: (message: FromModelPage) => void;
}

const custom = 'custom';

export function Preparation({ model, manifestName, draft, onDraft, say }: Props) {
  const { preprocessing, preprocessingSource, presets, stated, fixed } = model;
  if (fixed !== undefined) {
    return (
      <Part id="preparation" title="How pictures are prepared">
        <p data-testid="steps">{preprocessingSteps(preprocessing)}</p>
        <p class="quiet">{fixed}</p>
      </Part>
    );
  }
  const shown = draft ?? draftOf(preprocessing);
  // How numbers are read is kept as it is stated: the form does not ask it.
  const drafted = preprocessingOf(shown, readingOf(stated.preprocessing ?? {}) ?? {});
  const result = 'preprocessing' in drafted ? drafted.preprocessing : undefined;
  const preset = presets.find((one) => result && samePreprocessing(one.preprocessing, result));
  const isOther = result === undefined || !samePreprocessing(result, preprocessing);
  const isStated = stated.preprocessing !== undefined;
  const keeps = result !== undefined && (isOther || !isStated);
  const keep = (): void => {
    if (keeps) say({ kind: 'state', changes: { preprocessing: result } });
  };
  return (
    <Part id="preparation" title="How pictures are prepared">
      <p data-testid="preparation-source">
        {`${preprocessingSource.charAt(0).toUpperCase()}${preprocessingSource.slice(1)}.`}
      </p>
      <div class="field">
        <label for="preset">As for</label>
        <select
          id="preset"
          data-testid="preset"
          value={preset?.id ?? custom}
          onChange={({ currentTarget: { value } }) => {
            const chosen = presets.find(({ id }) => id === value);
            if (chosen !== undefined) onDraft(draftOf(chosen.preprocessing));
          }}
        >
          {preset === undefined && <option value={custom}>none of the known families</option>}
          {presets.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
        {preset !== undefined && <p class="quiet">{preset.sentence}</p>}
      </div>
      <PreparationFields
        draft={shown}
        unsound={'field' in drafted ? drafted.field : undefined}
        onDraft={onDraft}
      />
      <p role="status" class={result === undefined ? 'problem' : 'quiet'} data-testid="steps">
        {'problem' in drafted ? drafted.problem : preprocessingSteps(drafted.preprocessing)}
      </p>
      <div class="buttons">
        <button
          type="button"
          class="primary"
          data-testid="keep-preparation"
          aria-disabled={!keeps}
          title={`Write it into ${manifestName}`}
          onClick={keep}
        >
          {isOther ? 'Keep' : 'State as it is'}
        </button>
        {draft !== undefined && isOther && (
          <button
            type="button"
            class="secondary"
            data-testid="discard-preparation"
            onClick={() => onDraft(undefined)}
          >
            Discard changes
          </button>
        )}
        {isStated && (
          <button
            type="button"
            class="secondary"
            data-testid="forget-preparation"
            title={`Take it out of ${manifestName}, and go by what lies beside the model`}
            onClick={() => {
              onDraft(undefined);
              say({ kind: 'state', changes: { preprocessing: null } });
            }}
          >
            Forget what is stated
          </button>
        )}
      </div>
    </Part>
  );
}
