/** One of a few words to choose, with its label. */

interface Props<Word extends string> {
  readonly id: string;
  readonly label: string;
  /** As a person reads them, in the order to offer them. */
  readonly words: Readonly<Record<Word, string>>;
  readonly chosen: Word;
  readonly onChoose: (word: Word) => void;
}

export function ChoiceOf<Word extends string>({ id, label, words, chosen, onChoose }: Props<Word>) {
  const offered = Object.keys(words) as Word[];
  return (
    <>
      <label for={id}>{label}</label>
      <select
        id={id}
        data-testid={id}
        value={chosen}
        onChange={({ currentTarget: { value } }) => {
          const word = offered.find((one) => one === value);
          if (word !== undefined) onChoose(word);
        }}
      >
        {offered.map((word) => (
          <option key={word} value={word}>
            {words[word]}
          </option>
        ))}
      </select>
    </>
  );
}
