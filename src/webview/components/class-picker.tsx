/** A combobox that finds any class of the model by name or number. */
import type { RefObject, TargetedKeyboardEvent } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { searchClasses } from '../search-classes';

interface Props {
  readonly kind: 'class' | 'value';
  readonly labels: readonly string[];
  /** Where a class may be found that this model does not know; a sentence or nothing. */
  readonly elsewhere: string;
  readonly inputRef: RefObject<HTMLInputElement>;
  readonly onChoose: (index: number) => void;
}

const mostMatches = 50;

export function ClassPicker({ kind, labels, elsewhere, inputRef, onChoose }: Props) {
  const [typed, setTyped] = useState('');
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(0);
  const list = useRef<HTMLUListElement>(null);
  const matches = open ? searchClasses(labels, typed, mostMatches) : [];

  useEffect(() => {
    list.current?.children.item(active)?.scrollIntoView({ block: 'nearest' });
  }, [active, open]);

  const choose = (index: number | undefined): void => {
    if (index === undefined) return;
    onChoose(index);
    setTyped('');
    setOpen(false);
  };
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLInputElement>): void => {
    switch (event.key) {
      case 'ArrowDown':
        setOpen(true);
        setActive(open ? Math.min(active + 1, matches.length - 1) : 0);
        break;
      case 'ArrowUp':
        setActive(Math.max(active - 1, 0));
        break;
      case 'Enter':
        choose(matches[active]?.index);
        break;
      case 'Escape':
        if (!open && typed === '') return;
        setOpen(false);
        setTyped('');
        break;
      default:
        return;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  const isUnknown = typed.trim() !== '' && searchClasses(labels, typed, 1).length === 0;
  const expanded = open && matches.length > 0;
  return (
    <div class="field picker">
      <label for="class-picker">{`Another ${kind}`}</label>
      <input
        ref={inputRef}
        id="class-picker"
        data-testid="class-picker"
        type="text"
        role="combobox"
        autocomplete="off"
        spellcheck={false}
        placeholder={
          labels.length > 0 ? 'Name or number' : kind === 'value' ? 'Its number' : 'Class number'
        }
        aria-expanded={expanded}
        aria-controls="class-matches"
        aria-autocomplete="list"
        aria-activedescendant={expanded ? `class-match-${active}` : undefined}
        value={typed}
        onInput={(event) => {
          setTyped(event.currentTarget.value);
          setActive(0);
          setOpen(true);
        }}
        onFocus={() => setOpen(labels.length > 0)}
        onBlur={() => setOpen(false)}
        onKeyDown={onKeyDown}
      />
      <ul
        ref={list}
        id="class-matches"
        class="matches"
        role="listbox"
        aria-label="Matching classes"
        hidden={!expanded}
      >
        {matches.map(({ index, label }, position) => (
          <li
            key={index}
            id={`class-match-${position}`}
            data-testid="class-match"
            role="option"
            aria-selected={position === active}
            // Before the field loses the focus and closes the list.
            onMouseDown={(event) => {
              event.preventDefault();
              choose(index);
            }}
          >
            <span>{label}</span>
            <span class="match-number">{index}</span>
          </li>
        ))}
      </ul>
      {/* As long as that is typed: if it went when the field is left, what is below would move from under the pointer. */}
      {isUnknown && (
        <p class="quiet" role="status" data-testid="class-unknown">
          {`No ${kind} of this model has that name or number.${elsewhere}`}
        </p>
      )}
    </div>
  );
}
