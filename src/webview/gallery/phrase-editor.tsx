/** The phrases that all pictures are compared with: a line each, used together. */
import { useState } from 'preact/hooks';
import { samePhrases, tidyPhrases } from '../../shared/phrases';

interface Props {
  readonly phrases: readonly string[];
  /** Labels that no phrase names. */
  readonly unmatched: readonly string[];
  readonly onUse: (phrases: readonly string[]) => void;
}

export function PhraseEditor({ phrases, unmatched, onUse }: Props) {
  const [typed, setTyped] = useState(phrases.join('\n'));
  const next = tidyPhrases(typed.split('\n'));
  const [first, ...others] = unmatched;
  const unnamed =
    first === undefined
      ? ''
      : `; none names the label ${first}${others.length > 0 ? ` or ${others.length} more` : ''}`;
  return (
    <details class="phrase-editor" data-testid="phrases" open={phrases.length < 2}>
      <summary>
        {phrases.length < 2
          ? 'What may the pictures show?'
          : `Compared with ${phrases.length} phrases${unnamed}`}
      </summary>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onUse(next);
        }}
      >
        <label for="gallery-phrases" class="quiet">
          A phrase a line, at least two: probabilities say which fits better, not whether any fits.
        </label>
        <textarea
          id="gallery-phrases"
          data-testid="phrase-lines"
          rows={Math.min(8, Math.max(3, next.length + 1))}
          placeholder={'a photo of a cat\na photo of a dog'}
          value={typed}
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
        <button
          class="primary"
          data-testid="use-phrases"
          disabled={next.length < 2 || samePhrases(next, phrases)}
        >
          Compare
        </button>
      </form>
    </details>
  );
}
