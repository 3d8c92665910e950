/** States one thing that a checkpoint's weights do not tell. */
import { useState } from 'preact/hooks';
import type { ShownModel } from '../../shared/model-page/model-page-state';
import type { FromModelPage } from '../../shared/protocol/model-page';
import {
  factAsText,
  factChoices,
  nameOfFact,
  withFact,
  type ArchitectureFact,
} from './architecture-facts';

interface Props {
  readonly fact: ArchitectureFact;
  readonly model: ShownModel;
  readonly say: (message: FromModelPage) => void;
}

export function ArchitectureField({ fact, model: { stated, found }, say }: Props) {
  const { architecture } = stated;
  const assumed = found.assumed.find(({ field }) => field === `architecture.${fact}`);
  const taken = factAsText(architecture?.[fact]) || factAsText(assumed?.setting);
  const [typed, setTyped] = useState<string>();
  const text = typed ?? taken;
  const choices = factChoices[fact];
  const result = withFact(architecture, fact, text);
  const problem = 'problem' in result && text !== '' ? result.problem : undefined;
  return (
    <form
      class="fact-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!('architecture' in result)) return;
        setTyped(undefined);
        say({ kind: 'state', changes: { architecture: result.architecture } });
      }}
    >
      {choices === undefined ? (
        <input
          type="text"
          data-testid={`state-${fact}`}
          aria-label={nameOfFact(fact)}
          autocomplete="off"
          spellcheck={false}
          aria-invalid={problem !== undefined}
          value={text}
          onInput={({ currentTarget: { value } }) => setTyped(value)}
        />
      ) : (
        <select
          data-testid={`state-${fact}`}
          aria-label={nameOfFact(fact)}
          value={text}
          onChange={({ currentTarget: { value } }) => setTyped(value)}
        >
          {!choices.includes(text) && <option value={text}>choose</option>}
          {choices.map((choice) => (
            <option key={choice} value={choice}>
              {choice}
            </option>
          ))}
        </select>
      )}
      <button
        type="submit"
        class="secondary"
        data-testid={`keep-${fact}`}
        aria-label={`State: ${nameOfFact(fact)}`}
        aria-disabled={!('architecture' in result)}
      >
        State
      </button>
      {problem !== undefined && (
        <p role="status" class="problem">
          {problem}
        </p>
      )}
    </form>
  );
}
