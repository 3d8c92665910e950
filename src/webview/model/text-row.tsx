/** A row of one to three numbers to type, with their label. */

interface Props {
  readonly id: string;
  readonly label: string;
  /** What each is, where there are several: `height`, `width`. */
  readonly names?: readonly string[];
  readonly placeholder?: string;
  readonly texts: readonly string[];
  readonly invalid: boolean;
  readonly onInput: (texts: readonly string[]) => void;
}

export function TextRow({ id, label, names = [], placeholder, texts, invalid, onInput }: Props) {
  return (
    <>
      <label for={`${id}-0`}>{label}</label>
      <div class="text-row">
        {texts.map((text, at) => (
          <input
            key={at}
            id={`${id}-${at}`}
            data-testid={`${id}-${at}`}
            type="text"
            inputMode="decimal"
            autocomplete="off"
            spellcheck={false}
            aria-label={names[at] === undefined ? undefined : `${label}, ${names[at]}`}
            title={names[at]}
            placeholder={placeholder}
            aria-invalid={invalid}
            value={text}
            onInput={({ currentTarget: { value } }) =>
              onInput(texts.map((before, place) => (place === at ? value : before)))
            }
          />
        ))}
      </div>
    </>
  );
}
