/** Whether answers are taken among all classes, those of the dataset, or a list that is typed. */
import { useState } from 'preact/hooks';
import { longestClassList, type AmongChoice } from '../../shared/among';
import { ChoiceField } from './choice-field';

interface Props {
  readonly choice: AmongChoice;
  /** How many classes there are; undefined where that is not known. */
  readonly all: number | undefined;
  /** Those that the labels of the dataset stand for, in words; undefined where there is no dataset. */
  readonly ofDataset: string | undefined;
  /** Why the answers are not among what was chosen, in sentences. */
  readonly problems: readonly string[];
  /** @returns what is wrong with a list, in sentences */
  readonly check: (text: string) => readonly string[];
  readonly onChoose: (choice: AmongChoice) => void;
}

export function AmongField({ choice, all, ofDataset, problems, check, onChoose }: Props) {
  // A list is in use when it was typed; until then the answers are as they were.
  const [isTyping, setIsTyping] = useState(false);
  const [typed, setTyped] = useState('');
  const [refused, setRefused] = useState<readonly string[]>([]);
  const of = isTyping ? 'list' : choice.of;
  // A gallery may choose another list for its panel.
  const text = !isTyping && choice.of === 'list' ? choice.text : typed;
  const isOfDataset = choice.of === 'dataset';
  const sentences = isTyping ? refused : problems;
  const use = (): void => {
    const wrong = check(text);
    setRefused(wrong);
    setIsTyping(wrong.length > 0);
    if (wrong.length === 0) onChoose({ of: 'list', text });
  };
  return (
    <div class="field among" data-testid="among-field">
      <ChoiceField
        id="among"
        label="Answers among"
        chosen={of}
        offered={[
          { id: 'all', name: all === undefined ? 'all classes' : `all ${all} classes` } as const,
          ...(ofDataset === undefined && !isOfDataset
            ? []
            : [{ id: 'dataset', name: ofDataset ?? 'the dataset’s classes' } as const]),
          { id: 'list', name: 'a list…' } as const,
        ]}
        onChoose={(chosen) => {
          setRefused([]);
          setIsTyping(chosen.id === 'list');
          setTyped(text);
          if (chosen.id !== 'list') onChoose({ of: chosen.id });
        }}
      />
      {of === 'list' && (
        <form
          class="field-row"
          onSubmit={(event) => {
            event.preventDefault();
            use();
          }}
        >
          <input
            data-testid="among-list"
            type="text"
            autocomplete="off"
            spellcheck={false}
            maxLength={longestClassList}
            aria-label="Classes to take the answers among"
            aria-describedby="among-problems"
            aria-invalid={sentences.length > 0}
            placeholder="Names or numbers, with commas"
            value={text}
            onInput={(event) => {
              setTyped(event.currentTarget.value);
              setIsTyping(true);
            }}
          />
          <button
            type="submit"
            class="secondary"
            data-testid="among-use"
            aria-disabled={text.trim() === ''}
          >
            Use
          </button>
        </form>
      )}
      <div id="among-problems" role="status" data-testid="among-problems">
        {sentences.map((sentence) => (
          <p key={sentence} class="quiet">
            {sentence}
          </p>
        ))}
      </div>
    </div>
  );
}
