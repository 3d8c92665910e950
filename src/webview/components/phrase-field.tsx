/** The phrases that a CLIP compares the picture with: add one by Enter, take one out by its button. */
import { useState } from 'preact/hooks';

interface Props {
  readonly phrases: readonly string[];
  readonly onChange: (phrases: readonly string[]) => void;
}

export function PhraseField({ phrases, onChange }: Props) {
  const [typed, setTyped] = useState('');
  const add = (): void => {
    if (typed.trim() === '') return;
    onChange([...phrases, typed]);
    setTyped('');
  };
  return (
    <form
      class="field phrases"
      onSubmit={(event) => {
        event.preventDefault();
        add();
      }}
    >
      <label for="phrase">Phrases</label>
      {phrases.length > 0 && (
        <ul class="phrase-list">
          {phrases.map((phrase) => (
            <li key={phrase} data-testid="phrase">
              <span>{phrase}</span>
              <button
                type="button"
                class="plain"
                data-testid="phrase-remove"
                aria-label={`Remove “${phrase}”`}
                title="Remove"
                onClick={() => onChange(phrases.filter((other) => other !== phrase))}
              >
                ×
              </button>
            </li>
          ))}
        </ul>
      )}
      <div class="phrase-entry">
        <input
          id="phrase"
          data-testid="phrase-input"
          type="text"
          autocomplete="off"
          placeholder="a photo of a cat"
          value={typed}
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
        <button type="submit" class="secondary" aria-disabled={typed.trim() === ''}>
          Add
        </button>
      </div>
      {phrases.length < 2 && (
        <p class="quiet" data-testid="phrase-hint">
          {phrases.length === 0
            ? 'This model compares the picture with phrases: type what it may show, and the alternatives.'
            : 'Add an alternative: a probability compares at least two phrases.'}
        </p>
      )}
    </form>
  );
}
